package verdict

import "watertight/leak/candidate"

// judgePolicy explains a WebRTC leak that the browser's setting should have
// stopped, or that we are not allowed to stop. Only what was measured counts:
// without a leak, a setting in somebody else's hands is nobody's business.
func (j *judgement) judgePolicy() {
	p := j.ev.Policy
	if p == nil || !(j.has(WebRTCPublicIP) || j.has(WebRTCLocalIP) || j.has(WebRTCHardwareID)) {
		return
	}
	f := Finding{ID: PolicyOverridden, Level: levelInfo, Certainty: proven, Row: rowWebRTC, Evidence: []Proof{}}
	switch {
	case p.LevelOfControl == "controlled_by_other_extensions":
		f.Explain, f.Fix = text(msgExplainPolicyOther), text(msgFixPolicyOther)
	case p.LevelOfControl == "not_controllable":
		f.Explain, f.Fix = text(msgExplainPolicyManaged), text(msgFixPolicyManagedChromium)
		if j.ev.Browser == "firefox" {
			f.Fix = text(msgFixPolicyManagedFirefox)
		}
	case j.contradicts(p.Value):
		f.Explain, f.Fix = text(msgExplainPolicyMeasured), text(msgFixPolicyMeasured)
	default:
		return
	}
	j.find(f)
}

// contradicts reports whether a page was shown a candidate that the setting
// rules out (RFC 8828 §5.2, and measured in both browsers): hosts, also behind
// mDNS names, in mode 3 and above; in Chromium anything over UDP in mode 4, which
// Firefox without a proxy treats as mode 3; and in Firefox's proxy_only what a
// STUN server answered over UDP.
func (j *judgement) contradicts(value string) bool {
	chromium := j.ev.Browser == "chromium"
	mode4 := value == "disable_non_proxied_udp" && chromium
	proxied := mode4 || value == "proxy_only" && !chromium
	mode3 := proxied || value == "default_public_interface_only" || value == "disable_non_proxied_udp"
	for _, ice := range j.ev.ICE {
		for _, line := range ice.Candidates {
			c, err := candidate.Parse(line)
			if err != nil || c.Transport != "udp" {
				continue
			}
			if mode3 && c.Type == candidate.Host || proxied && c.Type == candidate.Srflx {
				return true
			}
		}
	}
	for _, p := range j.ev.Paths {
		if mode4 && p.Transport == "udp" {
			return true
		}
	}
	return false
}
