package verdict

import (
	"net/netip"
	"slices"

	"watertight/leak/address"
)

// judgeWebRTC judges what a page learns from WebRTC.
func (j *judgement) judgeWebRTC() {
	g := j.gathered
	j.webrtcGaps(g)
	var public, local, hardware []shown
	for _, s := range slices.Concat(g.shown, j.attested(g)) {
		if address.HasHardwareID(s.addr) && (s.own || !j.isExit(s.addr)) {
			hardware = append(hardware, s)
		}
		switch p, ok := address.Public(s.addr); {
		case ok && address.ClassOf(p) == address.Global:
			if j.judgePublic(&s, p) {
				public = append(public, s)
			}
		case s.via == attested: // a TURN server in the same house
		case address.ClassOf(s.addr).IsLocal() && (s.own || j.publicExit()):
			// A STUN server in the same house sees a local address, but so does
			// its exit; only one that an interface has is given away.
			local = append(local, s)
			j.fact(rowWebRTC, s.fact(text(msgFactWebRTCLocal), nil))
		}
	}
	j.findPublic(public)
	j.findLocal(local)
	j.findHardware(hardware)
	j.findPermission(g)
	j.calmWebRTC(g)
}

// judgePublic reports whether a public address says more than the exit does.
// On return s holds the network, and whether it proves anything.
func (j *judgement) judgePublic(s *shown, p netip.Addr) bool {
	n, asked := j.network(p)
	s.net = n
	here := place{addr: p, net: n}
	like := j.likeExit(here)
	if j.atHome(here) {
		if j.off {
			j.fact(rowWebRTC, s.fact(text(msgFactWebRTCSame), n))
			return false
		}
		s.proof = true
		j.fact(rowWebRTC, s.fact(text(msgFactWebRTCHome), n))
		return true
	}
	switch {
	case like == same:
		j.fact(rowWebRTC, s.fact(text(msgFactWebRTCSame), n))
		return false
	case !j.exitsSettled(), !asked && !j.ev.Final:
		j.wait(rowWebRTC)
	case !j.anyExit():
		j.unknown(rowWebRTC, text(msgUnknownWebRTCNoExit))
	case like == cannotTell && !j.comparable(p):
		j.unknown(rowWebRTC, text(msgUnknownWebRTCNetwork, p.String()))
	default:
		// Without network data two distant public addresses still are two
		// places; that is suspicion, and named so.
		s.proof = like == different && (s.own || address.HasHardwareID(p))
		j.fact(rowWebRTC, s.fact(text(msgFactWebRTCOther), n))
		return true
	}
	j.fact(rowWebRTC, s.fact(text(msgFactWebRTCUnknown), n))
	return false
}

// comparable reports whether an exit of the address's own family is known.
func (j *judgement) comparable(p netip.Addr) bool {
	if p.Is4() {
		return j.exit(4).good()
	}
	return j.exit(6).good() && !j.bypass
}

// isExit reports whether websites see this very address anyway.
func (j *judgement) isExit(a netip.Addr) bool {
	for _, x := range j.exits {
		if x.ok() && x.addr == a {
			return true
		}
	}
	return false
}

// publicExit reports whether the companion saw the user from outside.
func (j *judgement) publicExit() bool {
	for _, x := range j.exits {
		if x.ok() && address.ClassOf(x.addr) == address.Global {
			return true
		}
	}
	return false
}
