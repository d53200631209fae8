package verdict

// findSeen finds a fail-over that happened by itself: the exit is where it was
// in an earlier check of this session, but the look-ups of pages have gone from
// another network to one that gives the user away. That they went over because a
// server failed is a conclusion, and the user may have changed a setting; so it
// is never more than likely. A change to a resolver that hides the user is no
// leak, and may be our own advice, followed.
func (j *judgement) findSeen(main []*resolver) {
	now := only(main, func(r *resolver) bool { return r.saw("f") })
	if len(now) == 0 || j.off || !j.exitsSettled() || j.has(DNSFailover) ||
		len(only(now, func(r *resolver) bool { return !r.is.bad() })) > 0 {
		return
	}
	for i := len(j.ev.History) - 1; i >= 0; i-- {
		m := j.ev.History[i]
		if len(m.Resolvers) == 0 || !j.sameExits(m) || !elsewhere(now, m.Resolvers) {
			continue
		}
		f, lead := prove(Finding{
			ID: DNSFailover, Level: levelLeak, Row: rowDNS, Param: paramSeen, Fix: text(msgFixDNSMoved),
		}, now)
		f.Certainty = likely
		earlier := place{net: &m.Resolvers[0]}
		f.Explain = text(msgExplainDNSSeen, lead.name(), lead.addr.String(), earlier.name())
		j.find(f)
		return
	}
}

// elsewhere reports whether all resolvers are in other networks than all that
// are remembered.
func elsewhere(now []*resolver, before []Network) bool {
	for _, r := range now {
		for _, n := range before {
			if compare(r.place, place{net: &n}) != different {
				return false
			}
		}
	}
	return true
}

// sameExits reports whether the exits are in the networks they were in.
func (j *judgement) sameExits(m Memory) bool {
	in := func(p place, list []Network) bool {
		for _, n := range list {
			if compare(p, place{net: &n}) == same {
				return true
			}
		}
		return false
	}
	exits, known := j.exitNetworks()
	if !known || len(exits) == 0 {
		return false
	}
	for _, n := range m.Exits {
		if !in(place{net: &n}, exits) {
			return false
		}
	}
	for _, n := range exits {
		if !in(place{net: &n}, m.Exits) {
			return false
		}
	}
	return true
}

// memory is what later checks may compare with: nil unless exits and resolvers
// are known for sure. What was asked only once a name failed is no part of it.
func (j *judgement) memory() *Memory {
	if !j.ev.Final || !j.publicExit() || j.ev.DNS == nil || j.ev.DNS.Status != "ok" {
		return nil
	}
	exits, known := j.exitNetworks()
	resolvers, named := networksOf(only(j.main, func(r *resolver) bool { return r.saw("f") }))
	if !known || !named || len(exits) == 0 || len(resolvers) == 0 {
		return nil
	}
	return &Memory{Exits: exits, Resolvers: resolvers}
}
