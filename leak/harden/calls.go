package harden

import (
	"watertight/leak/address"
	"watertight/leak/candidate"
	"watertight/leak/verdict"
)

// Outlook says whether calls will work under the policy in force.
type Outlook struct {
	// State: direct, relayed, tcp, none, unknown.
	State  string       `json:"state"`
	Title  verdict.Text `json:"title"`
	Detail verdict.Text `json:"detail"`
}

// maxCallLines bounds the candidates that are read, as in package verdict.
const maxCallLines = 1000

// Calls judges from the evidence of a check whether WebRTC calls will connect:
// directly, as long as pages are given an address to be reached at over UDP;
// through a relay, if the companion's TURN server was reached. That no way was
// found is said only of a check that looked everywhere.
func Calls(ev verdict.Evidence) Outlook {
	host, srflx, whole := gathered(ev)
	udp, tcp := reached(ev.Paths)
	off := ev.Final && len(ev.ICE) > 0
	for _, i := range ev.ICE {
		off = off && i.Status == "failed" && i.Reason == "no-webrtc" && len(i.Candidates) == 0
	}
	switch {
	case srflx, host && udp:
		return Outlook{"direct", text(msgCallsDirectTitle), text(msgCallsDirect)}
	case udp:
		return Outlook{"relayed", text(msgCallsRelayedTitle), text(msgCallsRelayed)}
	case !ev.Final: // what is missing may still come
	case off:
		return Outlook{"none", text(msgCallsNoneTitle), text(msgCallsOff)}
	case tcp && whole:
		return Outlook{"tcp", text(msgCallsTCPTitle), text(msgCallsTCP)}
	case whole && !host:
		return Outlook{"none", text(msgCallsNoneTitle), text(msgCallsNone)}
	}
	return Outlook{"unknown", text(msgCallsUnknownTitle), text(msgCallsUnknown)}
}

// gathered tells whether pages are given addresses of interfaces, or names for
// them, and what STUN servers answered, all over UDP; and whether some frame
// gathered to its end and none broke off.
func gathered(ev verdict.Evidence) (host, srflx, whole bool) {
	left, broken := maxCallLines, false
	for _, i := range ev.ICE {
		for _, line := range i.Candidates {
			if left--; left < 0 {
				break
			}
			c, err := candidate.Parse(line)
			if err != nil || c.Transport != "udp" || c.Class() == address.Loopback {
				continue
			}
			host = host || c.Type == candidate.Host
			srflx = srflx || c.Type == candidate.Srflx
		}
		switch {
		case i.Status == "complete", i.Status == "timeout" && proxyOnly(ev):
			whole = true
		case i.Status == "failed" && i.Reason == "frame-unreachable":
			// Without that family there is no such frame.
		default:
			broken = true
		}
	}
	return host, srflx, whole && !broken
}

// proxyOnly reports whether gathering never ends because of the setting.
func proxyOnly(ev verdict.Evidence) bool {
	return ev.Browser == "firefox" && ev.Policy != nil && ev.Policy.Value == ProxyOnly
}

// reached tells over which transports the companion's TURN server was reached.
func reached(paths []verdict.Attested) (udp, tcp bool) {
	for _, p := range paths {
		if _, ok := address.Parse(p.Address); ok {
			udp, tcp = udp || p.Transport == "udp", tcp || p.Transport == "tcp"
		}
	}
	return udp, tcp
}
