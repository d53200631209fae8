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

func (j *judgement) findPublic(list []shown) {
	if len(list) == 0 {
		return
	}
	f := Finding{ID: WebRTCPublicIP, Level: levelLeak, Certainty: likely, Row: rowWebRTC}
	slices.SortStableFunc(list, func(a, b shown) int { return rank(b) - rank(a) })
	lead := list[0] // the strongest evidence
	if lead.proof {
		f.Certainty = proven
	}
	f.Evidence = proofs(list)
	p, _ := address.Public(lead.addr)
	where := place{addr: p, net: lead.net}
	f.Exposes = where.exposes()
	switch exit := j.exitName(); {
	case exit == "":
		f.Explain = text(msgExplainWebRTCAlone, p.String(), where.name())
	case !where.known():
		f.Explain = text(msgExplainWebRTCUnnamed, p.String(), exit)
	case lead.via == attested:
		f.Explain = text(msgExplainWebRTCAttested, p.String(), where.name(), exit)
	case lead.granted:
		f.Explain, f.Param = text(msgExplainWebRTCGranted, p.String(), where.name(), exit), paramGranted
	default:
		f.Explain = text(msgExplainWebRTCPublic, p.String(), where.name(), exit)
	}
	switch {
	case lead.via == attested:
		f.Fix = text(msgFixWebRTCAttested) // hiding candidates does not help
	case lead.granted:
		f.Fix = j.fixPermission()
	default:
		f.Fix = j.fixWebRTC()
	}
	if onlyIPv6(list) {
		// No policy but the strictest hides an IPv6 address that is routed past
		// the VPN, and the strictest breaks calls.
		f.Fix = text(msgFixWebRTCIPv6)
	}
	j.find(f)
}

func (j *judgement) findLocal(list []shown) {
	if len(list) == 0 {
		return
	}
	f := Finding{
		ID: WebRTCLocalIP, Level: levelLeak, Certainty: proven, Row: rowWebRTC,
		Explain:  text(msgExplainWebRTCLocal, list[0].addr.String()),
		Fix:      j.fixLocal(),
		Evidence: proofs(list),
	}
	if onlyGranted(list) {
		f.Explain = text(msgExplainWebRTCLocalGranted, list[0].addr.String())
		f.Fix, f.Param = j.fixPermission(), paramGranted
	}
	j.find(f)
}

func (j *judgement) findHardware(list []shown) {
	if len(list) == 0 {
		return
	}
	j.find(Finding{
		ID: WebRTCHardwareID, Level: levelLeak, Certainty: proven, Row: rowWebRTC,
		Explain:  text(msgExplainWebRTCHardware, list[0].addr.String()),
		Fix:      text(msgFixWebRTCHardware),
		Evidence: proofs(list),
	})
}

// rank orders evidence: proof first, then what has a network to name, then what
// every site can read.
func rank(s shown) int {
	n := 0
	if s.proof {
		n += 4
	}
	if s.net != nil {
		n += 2
	}
	if s.via != attested && !s.granted {
		n++ // every site sees it
	}
	return n
}

func onlyIPv6(list []shown) bool {
	for _, s := range list {
		if p, _ := address.Public(s.addr); !p.Is6() {
			return false
		}
	}
	return true
}
