package check

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/miekg/dns"
)

// names asks this companion's own name server, over both transports at each address.
func (r *run) names() {
	if r.DNS == 0 {
		r.absent("DNS", "dns")
		r.serving = r.Nodes
		return
	}
	if r.DNS != 53 {
		r.wrong("give --dns with port 53: resolvers know no other", "DNS", "the server is told to listen on port %d", r.DNS)
	}
	for _, a := range r.addresses() {
		at := netip.AddrPortFrom(a, r.DNS)
		for _, network := range []string{"udp", "tcp"} {
			what := fmt.Sprintf("DNS %s %s", network, at)
			m, err := ask(r.ctx, network, at, r.Zone, dns.TypeSOA)
			switch {
			case err != nil:
				r.silent(at, "dns", network, what, err)
			case len(m.Answer) != 1 || !m.Authoritative:
				r.wrong("find out who else answers there (a resolver on this machine, a transparent proxy on the way), and give --zone "+r.Zone+" to the server",
					what, "what answers is not the authority of %s", r.Zone)
			case network == "udp" && !r.sameRecords(at):
			default:
				r.serving = true
				r.reached(at, what)
			}
		}
	}
}

// sameRecords: the running server was started with the same addresses.
func (r *run) sameRecords(at netip.AddrPort) bool {
	for _, want := range r.Web {
		name, qtype, flag := "ip4."+r.Zone, dns.TypeA, "ip4"
		if want.Is6() {
			name, qtype, flag = "ip6."+r.Zone, dns.TypeAAAA, "ip6"
		}
		if !slices.Contains(r.addresses(), want) {
			flag = "api"
		}
		m, err := ask(r.ctx, "udp", at, name, qtype)
		if err != nil {
			continue
		}
		if found := addressesOf(name, m.Answer); !slices.Contains(found, want) {
			r.wrong(fmt.Sprintf("start the server with --%s %s", flag, want), "zone", "%s is %v", name, found)
			return false
		}
	}
	return true
}
