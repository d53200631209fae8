package verdict

// rowHeadline is the sentence of one row.
func (j *judgement) rowHeadline(r *rowState, o Outcome) Text {
	switch o {
	case Pending:
		return text(msgRowPending)
	case Clear:
		return r.calm
	case Unknown:
		return j.unknownRow(r)
	}
	for _, f := range sorted(j.findings) {
		if f.Row == r.id {
			return j.leakRow(f)
		}
	}
	return r.calm
}

func (j *judgement) leakRow(f Finding) Text {
	switch f.ID {
	case VPNOff:
		return text(msgRowExitOff, f.who())
	case IPv6Bypass:
		return text(msgRowExitIPv6, j.exitName(), f.who())
	case WebRTCPublicIP:
		return text(msgRowWebRTCPublic, f.who())
	case WebRTCLocalIP:
		if f.Param == paramGranted {
			return text(msgRowWebRTCLocalGranted, f.who())
		}
		return text(msgRowWebRTCLocal, f.who())
	case WebRTCHardwareID:
		return text(msgRowWebRTCHardware)
	case DNSProxyBypass:
		return text(msgRowDNSProxy, f.who())
	case DNSClientSubnet:
		return text(msgRowDNSSubnet, f.who())
	case DNSFailover:
		if f.Param == paramMoved {
			return text(msgRowDNSMoved, f.who())
		}
		return text(msgRowDNSFailover, f.who())
	case DNSIntercepted:
		return text(msgRowDNSIntercepted, f.who())
	}
	return text(msgRowDNSLeak, f.who())
}

func (j *judgement) unknownRow(r *rowState) Text {
	switch r.id {
	case rowExit:
		if j.publicExit() {
			return text(msgRowExitPartly, j.exitName())
		}
		return text(msgRowExitUnknown)
	case rowDNS:
		if len(r.unknowns) > 0 && r.unknowns[0].ID == msgUnknownDNSNoZone {
			return text(msgRowDNSSkipped)
		}
		if len(r.facts) > 0 {
			return text(msgRowDNSPartly)
		}
		return text(msgRowDNSUnknown)
	}
	return text(msgRowWebRTCUnknown)
}
