package verdict

// A message id names a text of the extension's locales; the text itself is in
// extension/_locales. A test holds that every id here exists there with as many
// placeholders as arguments. The English text stands beside each id there, not
// here, so that translators and this package cannot disagree.

// Headlines: the one sentence.
const (
	msgHeadlineChecking      = "headline_checking"
	msgHeadlineClear         = "headline_clear"
	msgHeadlineClearDNS      = "headline_clear_dns"
	msgHeadlineVPNOff        = "headline_vpn_off"
	msgHeadlineAddress       = "headline_address"
	msgHeadlineAddressLikely = "headline_address_likely"
	msgHeadlineIPv6          = "headline_ipv6"
	msgHeadlineIPv6Likely    = "headline_ipv6_likely"
	msgHeadlineDNS           = "headline_dns"
	msgHeadlineDNSLikely     = "headline_dns_likely"
	msgHeadlineProxy         = "headline_proxy"
	msgHeadlineBoth          = "headline_both"
	msgHeadlineBothSame      = "headline_both_same"
	msgHeadlineSubnet        = "headline_subnet"
	msgHeadlineFailover      = "headline_failover"
	msgHeadlineLocal         = "headline_local"
	msgHeadlineHardware      = "headline_hardware"
	msgHeadlineCompanion     = "headline_companion"
	msgHeadlineExit          = "headline_exit"
	msgHeadlineServerLocal   = "headline_server_local"
	msgHeadlineUnknownDNS    = "headline_unknown_dns"
	msgHeadlineUnknownWebRTC = "headline_unknown_webrtc"
	msgHeadlineUnknown       = "headline_unknown"
)

// Rows.
const (
	msgRowPending        = "row_pending"
	msgRowExitClear      = "row_exit_clear"
	msgRowExitOff        = "row_exit_off"
	msgRowExitIPv6       = "row_exit_ipv6"
	msgRowExitUnknown    = "row_exit_unknown"
	msgRowExitPartly     = "row_exit_partly"
	msgRowDNSTunnel      = "row_dns_tunnel"
	msgRowDNSPublic      = "row_dns_public"
	msgRowDNSRented      = "row_dns_rented"
	msgRowDNSLeak        = "row_dns_leak"
	msgRowDNSProxy       = "row_dns_proxy"
	msgRowDNSSubnet      = "row_dns_subnet"
	msgRowDNSFailover    = "row_dns_failover"
	msgRowDNSUnknown     = "row_dns_unknown"
	msgRowDNSPartly      = "row_dns_partly"
	msgRowDNSSkipped     = "row_dns_skipped"
	msgRowWebRTCSame     = "row_webrtc_same"
	msgRowWebRTCHidden   = "row_webrtc_hidden"
	msgRowWebRTCNothing  = "row_webrtc_nothing"
	msgRowWebRTCOff      = "row_webrtc_off"
	msgRowWebRTCPublic   = "row_webrtc_public"
	msgRowWebRTCLocal    = "row_webrtc_local"
	msgRowWebRTCHardware = "row_webrtc_hardware"
	msgRowWebRTCUnknown  = "row_webrtc_unknown"
)

// Facts.
const (
	msgFactExitIPv4        = "fact_exit_ipv4"
	msgFactExitIPv6        = "fact_exit_ipv6"
	msgFactNoIPv6          = "fact_no_ipv6"
	msgFactIPv6Untested    = "fact_ipv6_untested"
	msgFactIPv4Untested    = "fact_ipv4_untested"
	msgFactIPv6Elsewhere   = "fact_ipv6_elsewhere"
	msgFactHintVPN         = "fact_hint_vpn"
	msgFactResolverTunnel  = "fact_resolver_tunnel"
	msgFactResolverPublic  = "fact_resolver_public"
	msgFactResolverRented  = "fact_resolver_rented"
	msgFactResolverOther   = "fact_resolver_other"
	msgFactResolverHome    = "fact_resolver_home"
	msgFactResolverSpare   = "fact_resolver_spare"
	msgFactResolverUnknown = "fact_resolver_unknown"
	msgFactWebRTCSame      = "fact_webrtc_same"
	msgFactWebRTCHome      = "fact_webrtc_home"
	msgFactWebRTCOther     = "fact_webrtc_other"
	msgFactWebRTCUnknown   = "fact_webrtc_unknown"
	msgFactWebRTCLocal     = "fact_webrtc_local"
	msgFactWebRTCHidden    = "fact_webrtc_hidden"
)

// Findings: what it means, and what to do.
const (
	msgExplainVPNOff          = "finding_vpn_off"
	msgFixVPNOff              = "fix_vpn_off"
	msgExplainIPv6Bypass      = "finding_ipv6_bypass"
	msgFixIPv6Bypass          = "fix_ipv6_bypass"
	msgExplainWebRTCPublic    = "finding_webrtc_public_ip"
	msgExplainWebRTCUnnamed   = "finding_webrtc_public_ip_unnamed"
	msgExplainWebRTCAlone     = "finding_webrtc_public_ip_alone"
	msgExplainWebRTCLocal     = "finding_webrtc_local_ip"
	msgExplainWebRTCHardware  = "finding_webrtc_hardware_id"
	msgFixWebRTCChromium      = "fix_webrtc_chromium"
	msgFixWebRTCFirefox       = "fix_webrtc_firefox"
	msgFixWebRTCLocalChromium = "fix_webrtc_local_chromium"
	msgFixWebRTCLocalFirefox  = "fix_webrtc_local_firefox"
	msgFixWebRTCIPv6          = "fix_webrtc_ipv6"
	msgFixWebRTCHardware      = "fix_webrtc_hardware"
	msgExplainDNSHome         = "finding_dns_isp_resolver"
	msgExplainDNSOther        = "finding_dns_other_resolver"
	msgExplainDNSPart         = "finding_dns_part_resolver"
	msgExplainDNSMixed        = "finding_dns_mixed"
	msgExplainDNSFailover     = "finding_dns_failover"
	msgExplainDNSSubnet       = "finding_dns_client_subnet"
	msgExplainDNSProxy        = "finding_dns_proxy_bypass"
	msgExplainDNSPublic       = "finding_dns_public_operator"
	msgFixDNSChromium         = "fix_dns_chromium"
	msgFixDNSFirefox          = "fix_dns_firefox"
	msgFixDNSProxy            = "fix_dns_proxy"
	msgFixDNSSubnet           = "fix_dns_subnet"
	msgFixDNSFailover         = "fix_dns_failover"
	msgFixDNSPublic           = "fix_dns_public"
	msgExplainPolicyOther     = "finding_policy_overridden_other"
	msgExplainPolicyMeasured  = "finding_policy_overridden_measured"
	msgFixPolicy              = "fix_policy_overridden"
)

// Reasons why something is unknown.
const (
	msgUnknownUnfinished    = "unknown_unfinished"
	msgUnknownCompanion     = "unknown_companion"
	msgUnknownExitIPv4      = "unknown_exit_ipv4"
	msgUnknownExitIPv6      = "unknown_exit_ipv6"
	msgUnknownExitLocal     = "unknown_exit_local"
	msgUnknownExitNetworks  = "unknown_exit_networks"
	msgUnknownDNSMissing    = "unknown_dns_missing"
	msgUnknownDNSNoZone     = "unknown_dns_no_zone"
	msgUnknownDNSStream     = "unknown_dns_stream"
	msgUnknownDNSSilent     = "unknown_dns_silent"
	msgUnknownDNSFetch      = "unknown_dns_fetch"
	msgUnknownDNSGarbage    = "unknown_dns_garbage"
	msgUnknownDNSNetwork    = "unknown_dns_network"
	msgUnknownWebRTCMissing = "unknown_webrtc_missing"
	msgUnknownWebRTCSTUN    = "unknown_webrtc_stun"
	msgUnknownWebRTCFrame   = "unknown_webrtc_frame"
	msgUnknownWebRTCGarbage = "unknown_webrtc_garbage"
	msgUnknownWebRTCNoExit  = "unknown_webrtc_no_exit"
	msgUnknownWebRTCNetwork = "unknown_webrtc_network"
)

// text makes a Text. Its arguments are data, and are shown as text only.
func text(id string, args ...string) Text {
	if args == nil {
		args = []string{}
	}
	return Text{ID: id, Args: args}
}
