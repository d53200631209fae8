package check

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
)

// maxParents servers of the zone above are asked: changes reach them one by one.
const maxParents = 8

// delegation compares what the zone above says with what it ought to say.
func (r *run) delegation() {
	up, err := r.findParent()
	if err != nil {
		r.unknown("let this machine send to UDP port 53 of any address, or give --root", "delegation", "the way from the root does not lead to %s: %v", r.Zone, err)
		return
	}
	answered := false
	for _, a := range up.servers[:min(len(up.servers), maxParents)] {
		at := netip.AddrPortFrom(a, r.Port)
		m, err := ask(r.ctx, "udp", at, r.Zone, dns.TypeNS)
		if err != nil {
			continue // an address family that this machine lacks, or one server of many that is down
		}
		answered = true
		if !r.sameServers(at, up, m) || !r.sameGlue(at, up, m) || !r.noDS(at, up) {
			return
		}
	}
	if !answered {
		r.unknown("", "delegation", "no server of %s answers", up.name)
		return
	}
	r.delegated = true
	r.ok("delegation", "%s names %s with the right addresses, and no DS", up.name, strings.Join(r.serverNames(), " and "))
}

// make is the mend of most: the very records.
func (r *run) make(up parent) string {
	name := strings.TrimSuffix(up.name, ".")
	if name == "" {
		name = above(r.Zone)
	}
	return "at the registrar or in the zone of " + name + ", make\n      " + strings.Join(Records(r.Zone, r.Servers), "\n      ")
}

func (r *run) sameServers(at netip.AddrPort, up parent, m *dns.Msg) bool {
	found := targets(r.Zone, m.Ns, m.Answer)
	if len(found) == 0 {
		r.wrong(r.make(up), "delegation", "%s (%s) does not know %s", up.name, at.Addr(), r.Zone)
		return false
	}
	want := r.serverNames()
	for _, name := range found {
		if !slices.Contains(want, name) {
			r.wrong("take the record  "+r.Zone+". NS "+name+"  away: what is asked there is never seen here", "delegation", "%s (%s) names %s as well", up.name, at.Addr(), name)
			return false
		}
	}
	for _, name := range want {
		if !slices.Contains(found, name) {
			r.wrong(r.make(up), "delegation", "%s (%s) does not name %s", up.name, at.Addr(), name)
			return false
		}
	}
	return true
}

// sameGlue: a name server inside the zone is found by these addresses only.
func (r *run) sameGlue(at netip.AddrPort, up parent, m *dns.Msg) bool {
	for i, name := range r.serverNames() {
		found := addressesOf(name, m.Extra, m.Answer)
		for _, a := range r.Servers[i] {
			if !slices.Contains(found, a) {
				r.wrong(r.make(up), "glue", "%s (%s) does not give %s the address %s", up.name, at.Addr(), name, a)
				return false
			}
		}
		for _, a := range found {
			if !slices.Contains(r.Servers[i], a) {
				r.wrong("take the glue record  "+name+" "+a.String()+"  away, or give the server that address with --ip4 or --ip6 (or --ns)", "glue", "%s (%s) gives %s the address %s", up.name, at.Addr(), name, a)
				return false
			}
		}
	}
	return true
}

func (r *run) noDS(at netip.AddrPort, up parent) bool {
	m, err := ask(r.ctx, "udp", at, r.Zone, dns.TypeDS)
	if err != nil {
		return true
	}
	for _, rr := range m.Answer {
		if rr.Header().Rrtype == dns.TypeDS {
			r.wrong("take every DS record of "+r.Zone+" away: the zone is not signed, and validating resolvers refuse it so", "DS", "%s (%s) has one", up.name, at.Addr())
			return false
		}
	}
	return true
}
