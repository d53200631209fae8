package verdict

import "watertight/leak/address"

// Firefox sends STUN to port 53 as well as to 3478 (Chromium refuses, since 53
// is a restricted port of the Fetch standard, "port blocking"). The companion
// answers on both. No answer on 53 has three causes that look alike from here:
//
//   - a VPN, company or hotel lets nothing to port 53 pass but its own resolver;
//   - a VPN answers everything to port 53 itself, to keep DNS from leaking;
//   - somebody on the way does so to see the look-ups: a transparent DNS proxy.
//
// The first two are common and no leak. Nor does a resolver of another network
// than the exit tell them apart: it may be asked past the tunnel while the VPN
// closes port 53 inside it, which is dns-isp-resolver and nothing more. So
// silence is only reported as a fact, and dns-intercepted needs a contradiction
// on the very link that is silent:
//
//   - STUN and every page look-up leave by one network, a recorded connection;
//   - the look-ups are answered by that network itself;
//   - when the connection was recorded, they were all answered by others, whom
//     the user must have chosen; and
//   - Firefox did not use DNS over HTTPS, which no port 53 concerns.
//
// Even then a changed setting on a network that closes port 53 looks the same:
// it is likely, and never proven.

// silent53 lists the addresses from which port 3478 was reached and port 53 was
// not. One answer on port 53 means that it is open.
func (j *judgement) silent53() []place {
	var out []place
	for _, f := range j.gathered.frames {
		switch {
		case j.ev.Browser != "firefox", f.STUN53 == "answered":
			return nil
		case f.STUN53 != "silent":
			continue
		}
		for _, a := range f.reflexive {
			if address.ClassOf(a) == address.Global {
				n, _ := j.network(a)
				out = append(out, place{addr: a, net: n})
			}
		}
	}
	return out
}

// findIntercepted finds look-ups that are answered by somebody who was not asked.
func (j *judgement) findIntercepted(main []*resolver) {
	link := j.silent53()
	if len(link) == 0 {
		return
	}
	j.fact(rowDNS, Fact{Text: text(msgFactPort53)})
	fetch := only(main, func(r *resolver) bool { return r.saw("f") })
	if len(fetch) == 0 || j.ev.DNS.TRR == nil || *j.ev.DNS.TRR || !j.dnsSettled() {
		return
	}
	for _, home := range j.homesOf(link[0]) {
		if !grabs(home, link, fetch) {
			continue
		}
		f, lead := prove(Finding{ID: DNSIntercepted, Level: levelLeak, Row: rowDNS, Fix: text(msgFixDNSIntercepted)}, fetch)
		f.Certainty = likely
		chosen := place{net: &home.Resolvers[0]}
		f.Explain = text(msgExplainDNSIntercepted, lead.name(), lead.addr.String(), chosen.name())
		j.find(f)
		return
	}
}

// grabs reports whether a recorded connection that had others answer its DNS now
// answers everything itself.
func grabs(home Home, link []place, fetch []*resolver) bool {
	inside := func(p place) bool {
		for _, n := range home.Exits {
			if compare(p, place{net: &n}) == same {
				return true
			}
		}
		return false
	}
	for _, p := range link {
		if !inside(p) {
			return false
		}
	}
	for _, r := range fetch {
		if !inside(r.place) {
			return false
		}
	}
	return len(home.Resolvers) > 0 && elsewhere(fetch, home.Resolvers)
}
