package verdict

import (
	"net/netip"
	"strings"

	"watertight/leak/address"
	"watertight/leak/operator"
)

// isLabel reports whether a probe may be called this: the vector's letter and a
// number of at most two digits. The empty label is the name above the probes,
// which resolvers that minimise query names ask for first (RFC 9156). No regexp:
// compiling one would be the dearest thing the core does when it starts.
func isLabel(s string) bool {
	if s == "" {
		return true
	}
	if len(s) > 3 || len(s) < 2 || strings.IndexByte("fsprxtv", s[0]) < 0 {
		return false
	}
	return strings.Trim(s[1:], "0123456789") == ""
}

// standing is what a resolver's network says about it.
type standing int

const (
	unclear standing = iota // its network is not known
	waiting                 // something that may still come decides
	tunnel                  // in the network that websites see
	rented                  // on rented servers, where VPNs have theirs
	public                  // a public DNS service
	isp                     // in a network that is none of these
	homeISP                 // in the network of the user's own connection
)

// bad reports whether the resolver gives the user away.
func (s standing) bad() bool { return s == isp || s == homeISP }

// resolver is one address that asked for our names. How often does not matter:
// retries and query-name minimisation repeat queries.
type resolver struct {
	place
	vectors map[byte]bool // 0 for the empty label, 'F' for a fetch after failing names
	side    bool          // asked only for what goes past a proxy
	ecs     []string
	is      standing
}

// saw reports whether the resolver asked for a name of one of these vectors.
func (r *resolver) saw(vectors string) bool {
	for i := range len(vectors) {
		if r.vectors[vectors[i]] {
			return true
		}
	}
	return false
}

// judgeDNS judges who answers the user's DNS.
func (j *judgement) judgeDNS() {
	d := j.ev.DNS
	if d == nil {
		if j.ev.Final {
			j.unknown(rowDNS, text(msgUnknownDNSMissing))
		} else {
			j.wait(rowDNS)
		}
		return
	}
	list := j.readSightings(d)
	j.dnsGaps(d, list)
	for _, r := range list {
		r.is = j.stand(r)
		switch r.is {
		case waiting:
			j.wait(rowDNS)
		case unclear:
			if j.anyExit() {
				j.unknown(rowDNS, text(msgUnknownDNSNetwork, r.addr.String()))
			}
		}
	}
	main, spare := split(list, d.Sent)
	j.main = main
	j.markSideways(main)
	for _, r := range main {
		j.resolverFact(r, false)
	}
	for _, r := range spare {
		j.resolverFact(r, true)
	}
	j.findISP(main)
	j.findProxyBypass(main)
	j.findMixed(main)
	j.findFailover(spare)
	j.findSeen(main)
	j.findIntercepted(main)
	j.findSubnets(list)
	j.findOperators(main)
	j.dnsFacts(d)
	j.calmDNS(main)
}

// readSightings merges sightings by resolver, in the order they came.
func (j *judgement) readSightings(d *DNS) []*resolver {
	var list []*resolver
	byAddr := map[netip.Addr]*resolver{}
	for _, s := range d.Sightings {
		a, ok := address.Parse(s.Resolver)
		if !ok || !isLabel(s.Label) || address.ClassOf(a) == address.Unspecified {
			j.unknown(rowDNS, text(msgUnknownDNSGarbage))
			continue
		}
		r := byAddr[a]
		if r == nil {
			r = &resolver{place: place{addr: a}, vectors: map[byte]bool{}}
			byAddr[a] = r
			list = append(list, r)
		}
		if r.net == nil {
			r.net = s.Network
		}
		r.vectors[vectorOf(s.Label)] = true
		j.sighted[s.Label] = true
		if s.ECS != "" {
			r.ecs = append(r.ecs, s.ECS)
		}
	}
	for _, r := range list {
		if r.net == nil {
			r.net = j.networks[r.addr]
		}
	}
	return list
}

// stand finds what a resolver's network says about it.
func (j *judgement) stand(r *resolver) standing {
	like := j.likeExit(r.place)
	switch {
	case j.atHome(r.place):
		if j.off {
			return tunnel // nothing is hidden, and vpn-off says so
		}
		return homeISP
	case like == same:
		return tunnel
	case r.kind() == operator.Resolver:
		return public
	case r.rented():
		return rented
	case j.homeResolver(r.place):
		if j.off {
			return tunnel
		}
		return homeISP
	case !j.exitsSettled():
		return waiting
	case like == different:
		return isp
	}
	return unclear
}
