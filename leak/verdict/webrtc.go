package verdict

import (
	"net/netip"
	"slices"

	"watertight/leak/address"
)

// judgeWebRTC judges what a page learns from WebRTC.
func (j *judgement) judgeWebRTC() {
	g := gather(j.ev.ICE)
	j.webrtcGaps(g)
	var public, local, hardware []shown
	for _, s := range g.shown {
		if address.HasHardwareID(s.addr) && (s.own || !j.isExit(s.addr)) {
			hardware = append(hardware, s)
		}
		switch p, ok := address.Public(s.addr); {
		case ok && address.ClassOf(p) == address.Global:
			if j.judgePublic(&s, p) {
				public = append(public, s)
			}
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
	default:
		f.Explain = text(msgExplainWebRTCPublic, p.String(), where.name(), exit)
	}
	f.Fix = j.fixWebRTC()
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
	j.find(Finding{
		ID: WebRTCLocalIP, Level: levelLeak, Certainty: proven, Row: rowWebRTC,
		Explain:  text(msgExplainWebRTCLocal, list[0].addr.String()),
		Fix:      j.fixLocal(),
		Evidence: proofs(list),
	})
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

// rank orders evidence: proof first, then what has a network to name.
func rank(s shown) int {
	n := 0
	if s.proof {
		n += 2
	}
	if s.net != nil {
		n++
	}
	return n
}

// fixWebRTC tells what to do in the browser at hand.
func (j *judgement) fixWebRTC() Text {
	if j.ev.Browser == "firefox" {
		return text(msgFixWebRTCFirefox)
	}
	return text(msgFixWebRTCChromium)
}

// fixLocal is about raw addresses of interfaces, which browsers hide behind
// mDNS names unless a site may use the microphone or the camera.
func (j *judgement) fixLocal() Text {
	if j.ev.Browser == "firefox" {
		return text(msgFixWebRTCLocalFirefox)
	}
	return text(msgFixWebRTCLocalChromium)
}

func onlyIPv6(list []shown) bool {
	for _, s := range list {
		if p, _ := address.Public(s.addr); !p.Is6() {
			return false
		}
	}
	return true
}
