package verdict

import "watertight/leak/address"

// judgeVPNOff finds that websites see the user's own connection.
func (j *judgement) judgeVPNOff(v4, v6 *exit) {
	x := hidden(v4, v6)
	if !x.good() || !j.atHome(x.place) {
		return
	}
	j.off = true
	explain := text(msgExplainVPNOff, x.name())
	if name := j.offName(); name != "" {
		explain = text(msgExplainVPNOffNamed, x.name(), name)
	}
	proof := Proof{Address: x.addr.String(), Network: x.net, Via: "exit"}
	j.find(Finding{
		ID: VPNOff, Level: levelLeak, Certainty: proven, Row: rowExit, Exposes: x.exposes(),
		Explain: explain, Fix: text(msgFixVPNOff), Evidence: []Proof{proof},
	})
}

// hidden is the exit behind which the user hides, if behind any.
func hidden(v4, v6 *exit) *exit {
	if v4 == nil || v4.status == "failed" {
		return v6 // no IPv4 to hide behind
	}
	return v4
}

// offName is the name of the recorded connection that websites see.
func (j *judgement) offName() string {
	if x := hidden(j.exit(4), j.exit(6)); x.good() {
		return j.homeName(x.place)
	}
	return ""
}

// judgeBypass finds IPv6 that goes past the VPN. A server company's network at
// the IPv6 end is no home connection: VPN companies rent IPv4 and IPv6 in
// different places, and tunnel brokers exist.
func (j *judgement) judgeBypass(v4, v6 exit) {
	home := j.atHome(v6.place)
	switch {
	case home:
	case compare(v4.place, v6.place) == same:
		return
	case v6.rented():
		j.fact(rowExit, Fact{Text: text(msgFactIPv6Elsewhere, v6.name())})
		return
	case compare(v4.place, v6.place) == cannotTell:
		j.unknown(rowExit, text(msgUnknownExitNetworks))
		return
	}
	j.bypass = true
	f := Finding{
		ID: IPv6Bypass, Level: levelLeak, Certainty: likely, Row: rowExit, Exposes: v6.exposes(),
		Explain: text(msgExplainIPv6Bypass, v6.name(), v6.addr.String(), v4.name()),
		Fix:     text(msgFixIPv6Bypass),
		Evidence: []Proof{
			{Address: v6.addr.String(), Network: v6.net, Via: "exit"},
			{Address: v4.addr.String(), Network: v4.net, Via: "exit"},
		},
	}
	// A tunnel has no MAC address: an exit that carries one is the user's own
	// network card.
	if home || address.HasHardwareID(v6.addr) {
		f.Certainty = proven
	}
	j.find(f)
}
