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

// arity says how many arguments each message takes.
var arity = map[string]int{
	msgHeadlineChecking:       0,
	msgHeadlineClear:          1,
	msgHeadlineClearDNS:       2,
	msgHeadlineVPNOff:         1,
	msgHeadlineAddress:        1,
	msgHeadlineAddressLikely:  1,
	msgHeadlineIPv6:           1,
	msgHeadlineIPv6Likely:     1,
	msgHeadlineDNS:            1,
	msgHeadlineDNSLikely:      1,
	msgHeadlineProxy:          1,
	msgHeadlineBoth:           2,
	msgHeadlineBothSame:       1,
	msgHeadlineSubnet:         1,
	msgHeadlineFailover:       1,
	msgHeadlineLocal:          1,
	msgHeadlineHardware:       0,
	msgHeadlineCompanion:      0,
	msgHeadlineExit:           0,
	msgHeadlineServerLocal:    0,
	msgHeadlineUnknownDNS:     0,
	msgHeadlineUnknownWebRTC:  0,
	msgHeadlineUnknown:        0,
	msgRowPending:             0,
	msgRowExitClear:           1,
	msgRowExitOff:             1,
	msgRowExitIPv6:            2,
	msgRowExitUnknown:         0,
	msgRowExitPartly:          1,
	msgRowDNSTunnel:           1,
	msgRowDNSPublic:           1,
	msgRowDNSRented:           1,
	msgRowDNSLeak:             1,
	msgRowDNSProxy:            1,
	msgRowDNSSubnet:           1,
	msgRowDNSFailover:         1,
	msgRowDNSUnknown:          0,
	msgRowDNSPartly:           0,
	msgRowDNSSkipped:          0,
	msgRowWebRTCSame:          0,
	msgRowWebRTCHidden:        0,
	msgRowWebRTCNothing:       0,
	msgRowWebRTCOff:           0,
	msgRowWebRTCPublic:        1,
	msgRowWebRTCLocal:         1,
	msgRowWebRTCHardware:      0,
	msgRowWebRTCUnknown:       0,
	msgFactExitIPv4:           0,
	msgFactExitIPv6:           0,
	msgFactNoIPv6:             0,
	msgFactIPv6Untested:       0,
	msgFactIPv4Untested:       0,
	msgFactIPv6Elsewhere:      1,
	msgFactHintVPN:            1,
	msgFactResolverTunnel:     0,
	msgFactResolverPublic:     1,
	msgFactResolverRented:     0,
	msgFactResolverOther:      0,
	msgFactResolverHome:       0,
	msgFactResolverSpare:      0,
	msgFactResolverUnknown:    0,
	msgFactWebRTCSame:         0,
	msgFactWebRTCHome:         0,
	msgFactWebRTCOther:        0,
	msgFactWebRTCUnknown:      0,
	msgFactWebRTCLocal:        0,
	msgFactWebRTCHidden:       0,
	msgExplainVPNOff:          1,
	msgFixVPNOff:              0,
	msgExplainIPv6Bypass:      3,
	msgFixIPv6Bypass:          0,
	msgExplainWebRTCPublic:    3,
	msgExplainWebRTCUnnamed:   2,
	msgExplainWebRTCAlone:     2,
	msgExplainWebRTCLocal:     1,
	msgExplainWebRTCHardware:  1,
	msgFixWebRTCChromium:      0,
	msgFixWebRTCFirefox:       0,
	msgFixWebRTCLocalChromium: 0,
	msgFixWebRTCLocalFirefox:  0,
	msgFixWebRTCIPv6:          0,
	msgFixWebRTCHardware:      0,
	msgExplainDNSHome:         2,
	msgExplainDNSOther:        2,
	msgExplainDNSPart:         2,
	msgExplainDNSMixed:        2,
	msgExplainDNSFailover:     2,
	msgExplainDNSSubnet:       2,
	msgExplainDNSProxy:        2,
	msgExplainDNSPublic:       1,
	msgFixDNSChromium:         0,
	msgFixDNSFirefox:          0,
	msgFixDNSProxy:            0,
	msgFixDNSSubnet:           0,
	msgFixDNSFailover:         0,
	msgFixDNSPublic:           0,
	msgExplainPolicyOther:     0,
	msgExplainPolicyMeasured:  0,
	msgFixPolicy:              0,
	msgUnknownUnfinished:      0,
	msgUnknownCompanion:       0,
	msgUnknownExitIPv4:        0,
	msgUnknownExitIPv6:        0,
	msgUnknownExitLocal:       0,
	msgUnknownExitNetworks:    0,
	msgUnknownDNSMissing:      0,
	msgUnknownDNSNoZone:       0,
	msgUnknownDNSStream:       0,
	msgUnknownDNSSilent:       0,
	msgUnknownDNSFetch:        0,
	msgUnknownDNSGarbage:      0,
	msgUnknownDNSNetwork:      1,
	msgUnknownWebRTCMissing:   0,
	msgUnknownWebRTCSTUN:      0,
	msgUnknownWebRTCFrame:     0,
	msgUnknownWebRTCGarbage:   0,
	msgUnknownWebRTCNoExit:    0,
	msgUnknownWebRTCNetwork:   1,
}

// text makes a Text. Its arguments are data, and are shown as text only.
func text(id string, args ...string) Text {
	if args == nil {
		args = []string{}
	}
	return Text{ID: id, Args: args}
}
