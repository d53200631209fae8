package verdict

import (
	"slices"

	"watertight/leak/address"
)

// findPublic finds public addresses that say more than the exit does.
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
