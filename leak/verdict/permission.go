package verdict

import "watertight/leak/address"

// findPermission says that sites which hold a microphone or camera permission
// read more than others: measured, because this frame's site held one and was
// shown addresses of interfaces. A permission alone says nothing, since the
// browser's setting or mDNS may hide them all the same. If a frame without
// permission was shown them too, the permission is not why.
func (j *judgement) findPermission(g gathered) {
	var list []shown
	for _, s := range g.shown {
		c := address.ClassOf(s.addr)
		if s.granted && (s.via == "host" || s.via == "raddr" && s.own) && (c.IsLocal() || c == address.Global) {
			if c == address.Global {
				s.net, _ = j.network(s.addr)
			}
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		return
	}
	j.find(Finding{
		ID: WebRTCPermission, Level: levelInfo, Certainty: proven, Row: rowWebRTC,
		Explain: text(msgExplainPermission, list[0].addr.String()), Fix: j.fixPermission(),
		Param: paramGranted, Evidence: proofs(list),
	})
}

// onlyGranted reports whether no site without such a permission sees any of it.
func onlyGranted(list []shown) bool {
	for _, s := range list {
		if !s.granted {
			return false
		}
	}
	return true
}
