package verdict

import "watertight/leak/candidate"

// judgePolicy explains a WebRTC leak that the browser's setting should have
// stopped, or that we are not allowed to stop. Only what was measured counts:
// without a leak, a setting in somebody else's hands is nobody's business.
func (j *judgement) judgePolicy() {
	p := j.ev.Policy
	if p == nil || !(j.has(WebRTCPublicIP) || j.has(WebRTCLocalIP)) {
		return
	}
	f := Finding{
		ID: PolicyOverridden, Level: levelInfo, Certainty: proven, Row: rowWebRTC,
		Fix: text(msgFixPolicy), Evidence: []Proof{},
	}
	switch {
	case p.LevelOfControl == "controlled_by_other_extensions", p.LevelOfControl == "not_controllable":
		f.Explain = text(msgExplainPolicyOther)
	case j.contradicts(p.Value):
		f.Explain = text(msgExplainPolicyMeasured)
	default:
		return
	}
	j.find(f)
}

// contradicts reports whether a page was shown a candidate that the setting
// rules out (RFC 8828 §5.2): a host address in mode 3 and above, and in Chromium
// anything over UDP in mode 4. Firefox without a proxy treats mode 4 as mode 3.
func (j *judgement) contradicts(value string) bool {
	mode3 := value == "default_public_interface_only" || value == "disable_non_proxied_udp" || value == "proxy_only"
	mode4 := value == "disable_non_proxied_udp" && j.ev.Browser == "chromium"
	for _, ice := range j.ev.ICE {
		for _, line := range ice.Candidates {
			c, err := candidate.Parse(line)
			if err != nil || c.Transport != "udp" || c.Name != "" {
				continue
			}
			host := c.Type == candidate.Host && c.Class().IsLocal()
			if mode3 && host || mode4 && c.Type == candidate.Srflx {
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
