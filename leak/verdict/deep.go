package verdict

// The deep test asks for names that fail: x is answered SERVFAIL, and v needs a
// resolver that reaches name servers over IPv6, so it fails elsewhere. Most stub
// resolvers then ask their next server. Afterwards the browser fetches f50…f99:
// Chromium may stay with the other server for the rest of its session.
// See RFC 1034 §5.3.3 on trying the next server, and resolv.conf(5).

// firstAfter is the first number of the fetches that follow the failing names.
const firstAfter = 50

// after is the vector of those fetches.
const after = 'F'

// vectorOf gives the vector of a label, 0 for the empty one and for what is no
// label at all.
func vectorOf(label string) byte {
	if label == "" || !isLabel(label) {
		return 0
	}
	if label[0] == 'f' && len(label) == 3 && label[1] >= '0'+firstAfter/10 {
		return after
	}
	return label[0]
}

// split parts the resolvers that answer from those that are asked only once
// another one fails: for x, for v, and after them. A resolver that only asked for
// the name above the probes may have done so for either; the weaker claim is
// made. One in the network of a resolver that answers is another machine of the
// same service, and no other server.
func split(list []*resolver, sent []string) (main, spare []*resolver) {
	failing := false
	for _, s := range sent {
		failing = failing || vectorOf(s) == 'x' || vectorOf(s) == 'v'
	}
	var late []*resolver
	for _, r := range list {
		switch {
		case r.saw("fspr"): // t is asked beside the failing names, and follows them
			main = append(main, r)
		case failing || r.saw("xvF"):
			late = append(late, r)
		default:
			main = append(main, r)
		}
	}
	first := main
	for _, r := range late {
		if len(only(first, r.sameNetwork)) > 0 ||
			r.saw("v") && !r.saw("xF") && !r.is.bad() && r.is != public {
			main = append(main, r) // also a good resolver's own IPv6 address
			continue
		}
		spare = append(spare, r)
	}
	return main, spare
}

func (r *resolver) sameNetwork(other *resolver) bool {
	return compare(r.place, other.place) == same
}

// deepGaps says what the deep test lacks. It was asked for to see what happens
// once a name fails; if no name was seen to fail, or none after it, that is not
// known. A v that nobody asked for says only that the resolver has no IPv6.
func (j *judgement) deepGaps(d *DNS, list []*resolver) {
	if !j.ev.Deep {
		return
	}
	failed, followed := false, false
	for _, r := range list {
		failed = failed || r.saw("x")
		followed = followed || r.saw("F")
	}
	if failed && followed {
		return
	}
	if j.ev.Final {
		j.unknown(rowDNS, text(msgUnknownDNSDeep))
	} else {
		j.wait(rowDNS)
	}
}

// findFailover finds servers that are asked once the first one fails, and says
// if the browser stays with one of them.
func (j *judgement) findFailover(spare []*resolver) {
	list := only(spare, func(r *resolver) bool { return r.is.bad() })
	level := levelLeak
	if len(list) == 0 {
		list = only(spare, func(r *resolver) bool { return r.is == public })
		level = levelInfo
	}
	if len(list) == 0 {
		return
	}
	explain, fix, param := msgExplainDNSFailover, msgFixDNSFailover, ""
	if moved := only(list, j.movedTo); len(moved) > 0 {
		explain, fix, param = msgExplainDNSMoved, msgFixDNSMoved, paramMoved
		list = moved
	}
	f, lead := prove(Finding{ID: DNSFailover, Level: level, Row: rowDNS, Fix: text(fix), Param: param}, list)
	f.Explain = text(explain, lead.name(), lead.addr.String())
	j.find(f)
}

// movedTo reports whether a resolver answers the fetches after the failing names,
// and those that answered the fetches before, all in other networks, none.
func (j *judgement) movedTo(r *resolver) bool {
	before := only(j.main, func(m *resolver) bool { return m.saw("f") })
	stay := only(j.main, func(m *resolver) bool {
		return m.saw("F") || m.saw("f") && compare(m.place, r.place) != different
	})
	return r.saw("F") && len(before) > 0 && len(stay) == 0
}
