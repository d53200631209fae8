package verdict

// dnsGaps says what the DNS part lacks. A probe that was sent and never seen is
// a hole in the test: a resolver may well have been asked that did not get
// through.
func (j *judgement) dnsGaps(d *DNS, list []*resolver) {
	if j.exitsSettled() && !j.anyExit() {
		j.unknown(rowDNS, text(msgUnknownCompanion))
	}
	switch d.Status {
	case "pending":
		j.wait(rowDNS)
	case "ok":
		j.dnsSilence(d, list)
		j.deepGaps(d, list)
	default:
		switch d.Reason {
		case "no-zone":
			j.unknown(rowDNS, text(msgUnknownDNSNoZone))
		case "full": // what was seen stays, but more was asked than was kept
			j.unknown(rowDNS, text(msgUnknownDNSFull))
		case garbage:
			j.unknown(rowDNS, text(msgUnknownDNSGarbage))
		default:
			j.unknown(rowDNS, text(msgUnknownDNSStream))
		}
	}
}

// dnsSilence looks for probes that nobody asked about. Every fetch counts: a
// machine with two resolvers may ask one for some names and the other for the
// rest. Those after failing names are the deep test's; see deepGaps.
func (j *judgement) dnsSilence(d *DNS, list []*resolver) {
	if len(list) == 0 {
		if j.ev.Final {
			j.unknown(rowDNS, text(msgUnknownDNSSilent))
		} else {
			j.wait(rowDNS)
		}
		return
	}
	fetches, missing := false, false
	for _, s := range d.Sent {
		if vectorOf(s) == 'f' {
			fetches = true
			missing = missing || !j.sighted[s]
		}
	}
	if !fetches {
		missing = len(only(list, func(r *resolver) bool { return r.saw("fsprtv") })) == 0
	}
	switch {
	case !missing:
	case j.ev.Final:
		j.unknown(rowDNS, text(msgUnknownDNSFetch))
	default:
		j.wait(rowDNS)
	}
}

// dnsSettled reports whether no sighting is expected any more, so that a vector
// that was not seen will not be.
func (j *judgement) dnsSettled() bool { return j.ev.DNS.Status != "pending" || j.ev.Final }

// resolverFact says who a resolver is.
func (j *judgement) resolverFact(r *resolver, spare bool) {
	ids := map[standing]string{
		unclear: msgFactResolverUnknown, waiting: msgFactResolverUnknown,
		tunnel: msgFactResolverTunnel, rented: msgFactResolverRented,
		isp: msgFactResolverOther, homeISP: msgFactResolverHome,
	}
	t := Text{}
	switch {
	case spare:
		t = text(msgFactResolverSpare)
	case r.is == public:
		t = text(msgFactResolverPublic, r.name())
	default:
		t = text(ids[r.is])
	}
	j.fact(rowDNS, Fact{Text: t, Address: r.addr.String(), Network: r.net, Via: "resolver"})
}

// calmDNS chooses what the row says if nothing leaks.
func (j *judgement) calmDNS(main []*resolver) {
	r := j.rows[rowDNS]
	for _, m := range main {
		switch {
		case m.is == public:
			r.calm = text(msgRowDNSPublic, m.name())
			j.resolverName = m.name()
			return
		case m.is == rented && r.calm.ID != msgRowDNSRented:
			r.calm = text(msgRowDNSRented, m.name())
			j.resolverName = m.name()
		case m.is == tunnel && r.calm.ID == "":
			r.calm = text(msgRowDNSTunnel, m.name())
		}
	}
}
