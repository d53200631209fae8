package verdict

// headline is the one sentence. It names who sees the user, if anybody does.
func (j *judgement) headline(v Verdict) Text {
	if v.Outcome == Leak {
		return j.leakHeadline(v.Findings)
	}
	if !v.Final {
		return text(msgHeadlineChecking)
	}
	if v.Outcome == Unknown {
		return j.unknownHeadline(v)
	}
	if j.resolverName != "" {
		return text(msgHeadlineClearDNS, j.exitName(), j.resolverName)
	}
	return text(msgHeadlineClear, j.exitName())
}

// who names the one a finding is about: a network, or the address itself.
func (f Finding) who() string {
	if f.Exposes != "" || len(f.Evidence) == 0 {
		return f.Exposes
	}
	return f.Evidence[0].Address
}

// leakHeadline speaks of the gravest leak, and of DNS as well if both the
// address and the look-ups leak.
func (j *judgement) leakHeadline(findings []Finding) Text {
	by := map[string]Finding{}
	for _, f := range findings {
		by[f.ID] = f
	}
	first := findings[0]
	sure := first.Certainty == proven
	dns, leaksDNS := by[DNSISPResolver]
	if _, past := by[DNSProxyBypass]; past {
		leaksDNS = false // it answers some look-ups, not those of pages
	}
	address := first.ID == WebRTCPublicIP || first.ID == IPv6Bypass
	if address && leaksDNS {
		if first.who() == dns.who() {
			return text(msgHeadlineBothSame, first.who())
		}
		return text(msgHeadlineBoth, first.who(), dns.who())
	}
	pick := func(certain, suspected string) Text {
		if sure {
			return text(certain, first.who())
		}
		return text(suspected, first.who())
	}
	switch first.ID {
	case VPNOff:
		if name := j.offName(); name != "" {
			return text(msgHeadlineVPNOffNamed, first.who(), name)
		}
		return text(msgHeadlineVPNOff, first.who())
	case WebRTCPublicIP:
		return pick(msgHeadlineAddress, msgHeadlineAddressLikely)
	case IPv6Bypass:
		return pick(msgHeadlineIPv6, msgHeadlineIPv6Likely)
	case DNSProxyBypass:
		return text(msgHeadlineProxy, first.who())
	case DNSClientSubnet:
		return text(msgHeadlineSubnet, first.who())
	case DNSFailover:
		if first.Param == paramMoved {
			return text(msgHeadlineMoved, first.who())
		}
		return text(msgHeadlineFailover, first.who())
	case WebRTCLocalIP:
		if first.Param == paramGranted {
			return text(msgHeadlineLocalGranted, first.who())
		}
		return text(msgHeadlineLocal, first.who())
	case WebRTCHardwareID:
		return text(msgHeadlineHardware)
	}
	return pick(msgHeadlineDNS, msgHeadlineDNSLikely)
}

// unknownHeadline says which part is missing.
func (j *judgement) unknownHeadline(v Verdict) Text {
	row := map[string]Outcome{}
	for _, r := range v.Rows {
		row[r.ID] = r.Outcome
	}
	for _, u := range v.Unknowns {
		if u.Reason.ID == msgUnknownCompanion {
			return text(msgHeadlineCompanion)
		}
	}
	switch {
	case !j.anyExit():
		return text(msgHeadlineExit)
	case !j.publicExit():
		return text(msgHeadlineServerLocal)
	case len(v.Unknowns) == 1 && v.Unknowns[0].Reason.ID == msgUnknownExitUntested:
		return j.untestedHeadline()
	case row[rowExit] == Unknown, row[rowDNS] == Unknown && row[rowWebRTC] == Unknown:
		return text(msgHeadlineUnknown)
	case row[rowDNS] == Unknown:
		return text(msgHeadlineUnknownDNS)
	}
	return text(msgHeadlineUnknownWebRTC)
}

// untestedHeadline is for a companion that has one family only: nothing failed,
// and all that it could test was right.
func (j *judgement) untestedHeadline() Text {
	if j.hasFamily(4) {
		return text(msgHeadlineUntested, "IPv4", "IPv6")
	}
	return text(msgHeadlineUntested, "IPv6", "IPv4")
}
