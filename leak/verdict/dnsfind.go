package verdict

// prove fills evidence, certainty and the exposed name from resolvers.
func prove(f Finding, list []*resolver) (Finding, *resolver) {
	lead := list[0]
	f.Certainty = likely
	for _, r := range list {
		if r.is == homeISP && lead.is != homeISP {
			lead = r
		}
		f.Evidence = append(f.Evidence, Proof{Address: r.addr.String(), Network: r.net, Via: "resolver"})
	}
	if lead.is == homeISP {
		f.Certainty = proven
	}
	f.Exposes = lead.exposes()
	return f, lead
}

// only keeps the resolvers that pass a test.
func only(list []*resolver, keep func(*resolver) bool) []*resolver {
	var out []*resolver
	for _, r := range list {
		if keep(r) {
			out = append(out, r)
		}
	}
	return out
}

// fixDNS tells what to do about resolvers: what goes past a proxy is not cured
// by another DNS server.
func (j *judgement) fixDNS(bad []*resolver) Text {
	if len(only(bad, func(r *resolver) bool { return !r.side })) == 0 {
		return text(msgFixDNSProxy)
	}
	switch {
	case j.overHTTPS():
		return text(msgFixDNSTRR)
	case j.ev.Browser == "firefox":
		return text(msgFixDNSFirefox)
	}
	return text(msgFixDNSChromium)
}

// findISP finds resolvers of the user's provider.
func (j *judgement) findISP(main []*resolver) {
	list := only(main, func(r *resolver) bool { return r.is.bad() })
	if len(list) == 0 {
		return
	}
	f, lead := prove(Finding{ID: DNSISPResolver, Level: levelLeak, Row: rowDNS, Fix: j.fixDNS(list)}, list)
	id := msgExplainDNSOther
	switch {
	case lead.side:
		id = msgExplainDNSPart
	case lead.is == homeISP:
		id = msgExplainDNSHome
	}
	f.Explain = text(id, lead.name(), lead.addr.String())
	j.find(f)
}

// markSideways marks the resolvers that are asked for STUN names or prefetches
// (vectors s, p) and not for fetches (f, t, v), while fetches are answered in
// another network. Vector r is no page's: behind a proxy Firefox answers it with
// the system's resolver, as it does STUN names. Those that stand on rented servers are left out: large VPNs ask from
// many machines, and which of them is chance.
func (j *judgement) markSideways(main []*resolver) {
	fetch := only(main, func(r *resolver) bool { return r.saw("f") })
	if len(fetch) == 0 || !j.dnsSettled() {
		return
	}
	for _, r := range main {
		r.side = r.saw("sp") && !r.saw("ftv") && (r.is.bad() || r.is == public)
		for _, f := range fetch {
			r.side = r.side && compare(r.place, f.place) == different
		}
	}
}

// findProxyBypass finds look-ups that go past a proxy.
func (j *judgement) findProxyBypass(main []*resolver) {
	list := only(main, func(r *resolver) bool { return r.side })
	if len(list) == 0 {
		return
	}
	f, lead := prove(Finding{ID: DNSProxyBypass, Level: levelLeak, Row: rowDNS, Fix: text(msgFixDNSProxy)}, list)
	f.Explain = text(msgExplainDNSProxy, lead.name(), lead.addr.String())
	j.find(f)
}

// findMixed finds that more than one network answers, and that at least one of
// them gives the user away. Several networks that are all the tunnel's, rented
// servers or public services are how large resolvers work, and are not mixed.
func (j *judgement) findMixed(main []*resolver) {
	list := only(main, func(r *resolver) bool { return r.is != unclear && r.is != waiting })
	bad := only(list, func(r *resolver) bool { return r.is.bad() })
	for _, b := range bad {
		for _, r := range list {
			if compare(b.place, r.place) != different {
				continue
			}
			f, lead := prove(Finding{ID: DNSMixed, Level: levelLeak, Row: rowDNS, Fix: j.fixDNS(bad)}, bad)
			other := r
			if other == lead {
				other = b
			}
			f.Explain = text(msgExplainDNSMixed, other.name(), lead.name())
			f.Evidence = nil
			for _, r := range list {
				f.Evidence = append(f.Evidence, Proof{Address: r.addr.String(), Network: r.net, Via: "resolver"})
			}
			j.find(f)
			return
		}
	}
}

// findOperators names public DNS services. They are a choice, not a leak.
func (j *judgement) findOperators(main []*resolver) {
	list := only(main, func(r *resolver) bool { return r.is == public })
	if len(list) == 0 {
		return
	}
	f, lead := prove(Finding{ID: DNSPublicOperator, Level: levelInfo, Row: rowDNS}, list)
	f.Certainty = proven
	f.Explain, f.Fix = text(msgExplainDNSPublic, lead.name()), text(msgFixDNSPublic)
	j.find(f)
}
