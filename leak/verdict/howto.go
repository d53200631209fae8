package verdict

import "watertight/leak/steps"

// advice says what each line of advice comes to, step by step. Steps go with the
// advice and not with the finding, so that they never say anything else than it:
// dns-isp-resolver is mended in one place if Firefox looks names up over HTTPS,
// and in another if the system does. What the extension can seal by itself,
// what is somebody's choice, and what only an administrator can do has no steps.
var advice = map[string]steps.Advice{
	msgFixVPNOff:              steps.VPN,
	msgFixIPv6Bypass:          steps.IPv6,
	msgFixDNSChromium:         steps.OwnDNS,
	msgFixDNSFirefox:          steps.OwnDNS,
	msgFixDNSTRR:              steps.OtherSecure,
	msgFixDNSFailover:         steps.OneServer,
	msgFixDNSMoved:            steps.FirstServer,
	msgFixDNSIntercepted:      steps.SecureDNS,
	msgFixDNSSubnet:           steps.NoSubnet,
	msgFixDNSProxy:            steps.ProxyDNS,
	msgFixWebRTCIPv6:          steps.IPv6,
	msgFixWebRTCAttested:      steps.Tunnel,
	msgFixWebRTCHardware:      steps.RandomIPv6,
	msgFixWebRTCLocalChromium: steps.Permissions,
	msgFixWebRTCLocalFirefox:  steps.Permissions,
	msgFixPermissionChromium:  steps.Permissions,
	msgFixPermissionFirefox:   steps.Permissions,
	msgFixPolicyOther:         steps.Extensions,
}

// explained gives every finding its steps for the system and browser at hand.
func (j *judgement) explained(list []Finding) []Finding {
	for i, f := range list {
		list[i].Steps = []Text{}
		for _, id := range steps.For(advice[f.Fix.ID], j.ev.OS, j.ev.Browser) {
			list[i].Steps = append(list[i].Steps, text(id))
		}
	}
	return list
}
