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
	msgHeadlineUntested      = "headline_untested"
	msgHeadlineVPNOffNamed   = "headline_vpn_off_named"
	msgHeadlineMoved         = "headline_moved"
	msgHeadlineLocalGranted  = "headline_local_granted"
)

// Rows.
const (
	msgRowPending            = "row_pending"
	msgRowExitClear          = "row_exit_clear"
	msgRowExitOff            = "row_exit_off"
	msgRowExitIPv6           = "row_exit_ipv6"
	msgRowExitUnknown        = "row_exit_unknown"
	msgRowExitPartly         = "row_exit_partly"
	msgRowDNSTunnel          = "row_dns_tunnel"
	msgRowDNSPublic          = "row_dns_public"
	msgRowDNSRented          = "row_dns_rented"
	msgRowDNSLeak            = "row_dns_leak"
	msgRowDNSProxy           = "row_dns_proxy"
	msgRowDNSSubnet          = "row_dns_subnet"
	msgRowDNSFailover        = "row_dns_failover"
	msgRowDNSUnknown         = "row_dns_unknown"
	msgRowDNSPartly          = "row_dns_partly"
	msgRowDNSSkipped         = "row_dns_skipped"
	msgRowWebRTCSame         = "row_webrtc_same"
	msgRowWebRTCHidden       = "row_webrtc_hidden"
	msgRowWebRTCNothing      = "row_webrtc_nothing"
	msgRowWebRTCOff          = "row_webrtc_off"
	msgRowWebRTCPublic       = "row_webrtc_public"
	msgRowWebRTCLocal        = "row_webrtc_local"
	msgRowWebRTCHardware     = "row_webrtc_hardware"
	msgRowWebRTCUnknown      = "row_webrtc_unknown"
	msgRowDNSMoved           = "row_dns_moved"
	msgRowDNSIntercepted     = "row_dns_intercepted"
	msgRowWebRTCLocalGranted = "row_webrtc_local_granted"
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
	msgFactTRR             = "fact_trr"
	msgFactDNSSECYes       = "fact_dnssec_yes"
	msgFactDNSSECNo        = "fact_dnssec_no"
	msgFactPort53          = "fact_port53"
)

// Reasons why something is unknown.
const (
	msgUnknownUnfinished      = "unknown_unfinished"
	msgUnknownCompanion       = "unknown_companion"
	msgUnknownExitIPv4        = "unknown_exit_ipv4"
	msgUnknownExitIPv6        = "unknown_exit_ipv6"
	msgUnknownExitLocal       = "unknown_exit_local"
	msgUnknownExitUntested    = "unknown_exit_untested"
	msgUnknownExitNetworks    = "unknown_exit_networks"
	msgUnknownDNSMissing      = "unknown_dns_missing"
	msgUnknownDNSNoZone       = "unknown_dns_no_zone"
	msgUnknownDNSStream       = "unknown_dns_stream"
	msgUnknownDNSSilent       = "unknown_dns_silent"
	msgUnknownDNSFetch        = "unknown_dns_fetch"
	msgUnknownDNSGarbage      = "unknown_dns_garbage"
	msgUnknownDNSNetwork      = "unknown_dns_network"
	msgUnknownWebRTCMissing   = "unknown_webrtc_missing"
	msgUnknownWebRTCSTUN      = "unknown_webrtc_stun"
	msgUnknownWebRTCFrame     = "unknown_webrtc_frame"
	msgUnknownWebRTCForbidden = "unknown_webrtc_forbidden"
	msgUnknownWebRTCGarbage   = "unknown_webrtc_garbage"
	msgUnknownWebRTCNoExit    = "unknown_webrtc_no_exit"
	msgUnknownWebRTCNetwork   = "unknown_webrtc_network"
	msgUnknownDNSDeep         = "unknown_dns_deep"
	msgUnknownDNSFull         = "unknown_dns_full"
)

// Why a check is not recorded as the user's own connection, and what to ask first.
const (
	msgBaselineUnfinished = "baseline_unfinished"
	msgBaselineExit       = "baseline_exit"
	msgBaselineNetwork    = "baseline_network"
	msgBaselineDNS        = "baseline_dns"
	msgBaselineVPN        = "baseline_vpn"
)

// The path picture.
const (
	msgPathThrough = "path_through"
	msgPathHome    = "path_home"
	msgPathUnknown = "path_unknown"
)

// text makes a Text. Its arguments are data, and are shown as text only.
func text(id string, args ...string) Text {
	if args == nil {
		args = []string{}
	}
	return Text{ID: id, Args: args}
}
