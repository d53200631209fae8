package verdict

import (
	"net/netip"

	"watertight/leak/address"
)

// attested is how an address came to be known that the companion saw media
// packets come from. The TURN server of any site sees the same, also where the
// page itself is shown no candidate at all.
const attested = "attested"

// maxPaths bounds the work; a machine has a few interfaces and two families.
const maxPaths = 64

// attested reads the paths, without those that candidates show anyway. They can
// only accuse: that no path was attested, or one that is the exit's, does not
// make up for a frame or a STUN server that did not answer.
func (j *judgement) attested(g gathered) []shown {
	seen := map[netip.Addr]bool{}
	for _, s := range g.shown {
		seen[s.addr] = true
	}
	udp := map[netip.Addr]bool{}
	for _, p := range j.ev.Paths[:min(len(j.ev.Paths), maxPaths)] {
		if a, ok := address.Parse(p.Address); ok && p.Transport == "udp" {
			udp[a] = true
		}
	}
	var out []shown
	for i, p := range j.ev.Paths {
		a, ok := address.Parse(p.Address)
		if !ok || i >= maxPaths || address.ClassOf(a) == address.Unspecified || p.Transport != "udp" && p.Transport != "tcp" {
			j.unknown(rowWebRTC, text(msgUnknownWebRTCGarbage))
			continue
		}
		// A relay that is reached over TCP sees what every web server of that
		// family sees. No policy can change that, and row exit tells of it.
		if p.Transport == "tcp" && !udp[a] && j.isExit(a) {
			continue
		}
		if !seen[a] {
			seen[a] = true
			out = append(out, shown{addr: a, via: attested, raw: p.Transport})
		}
	}
	return out
}
