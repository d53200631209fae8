package verdict

// verdict puts the rows, findings and the one sentence together.
func (j *judgement) verdict() Verdict {
	v := Verdict{
		Version: evidenceVersion, Final: j.ev.Final, Outcome: Clear,
		Rows: []Row{}, Findings: []Finding{}, Unknowns: []UnknownPart{}, Wants: []string{},
	}
	v.Wants = append(v.Wants, j.wants...)
	v.Findings = append(v.Findings, j.explained(sorted(j.findings))...)
	for _, id := range []string{rowExit, rowDNS, rowWebRTC} {
		r := j.rows[id]
		if r.pending && j.ev.Final && len(r.unknowns) == 0 {
			r.unknowns = append(r.unknowns, text(msgUnknownUnfinished))
		}
		row := Row{ID: id, Outcome: r.outcome(j), Facts: append([]Fact{}, r.facts...)}
		row.Headline = j.rowHeadline(r, row.Outcome)
		v.Rows = append(v.Rows, row)
		for _, u := range r.unknowns {
			v.Unknowns = append(v.Unknowns, UnknownPart{Row: id, Reason: u})
		}
		if row.Outcome == Unknown || row.Outcome == Pending {
			v.Outcome = Unknown
		}
	}
	if !j.ev.Final {
		v.Outcome = Unknown
	}
	for _, f := range v.Findings {
		if f.Level == levelLeak {
			v.Outcome = Leak
		}
	}
	v.Headline = j.headline(v)
	v.Memory = j.memory()
	v.Path = j.picture(v)
	return v
}

// outcome of a row: what leaks, leaks; what is missing may still come; what
// never came is unknown; only the rest is clear.
func (r *rowState) outcome(j *judgement) Outcome {
	for _, f := range j.findings {
		if f.Row == r.id && f.Level == levelLeak {
			return Leak
		}
	}
	switch {
	case r.pending && !j.ev.Final:
		return Pending
	case len(r.unknowns) > 0 || r.pending:
		return Unknown
	}
	return Clear
}

// order is how findings are listed, the gravest first. The headline speaks of
// the first one.
var order = []string{
	VPNOff, IPv6Bypass, WebRTCPublicIP, DNSProxyBypass, DNSISPResolver, DNSMixed, DNSIntercepted,
	DNSClientSubnet, DNSFailover, WebRTCLocalIP, WebRTCHardwareID, WebRTCPermission, PolicyOverridden,
	DNSPublicOperator,
}

// sorted lists leaks before information, and each in order.
func sorted(in []Finding) []Finding {
	out := make([]Finding, 0, len(in))
	for _, level := range []string{levelLeak, levelInfo} {
		for _, id := range order {
			for _, f := range in {
				if f.ID == id && f.Level == level {
					out = append(out, f)
				}
			}
		}
	}
	return out
}
