package verdict

import (
	"net/netip"

	"watertight/leak/address"
)

// findSubnets finds resolvers that pass a subnet of the user on to every name
// server (EDNS Client Subnet, RFC 7871). The exit's own subnet says nothing new,
// and a resolver that sends its own hides the user.
func (j *judgement) findSubnets(list []*resolver) {
	f := Finding{ID: DNSClientSubnet, Level: levelLeak, Certainty: likely, Row: rowDNS, Fix: text(msgFixDNSSubnet)}
	done := map[netip.Prefix]bool{}
	var lead place
	var subnet string
	for _, r := range list {
		for _, s := range r.ecs {
			p, ok := readSubnet(s)
			if !ok {
				j.unknown(rowDNS, text(msgUnknownDNSGarbage))
				continue
			}
			if done[p] || p.Bits() == 0 || address.ClassOf(p.Addr()) != address.Global || j.ownSubnet(p, r) {
				continue
			}
			done[p] = true
			n, asked := j.network(p.Addr())
			here := place{addr: p.Addr(), net: n}
			home := j.atHome(here)
			like := j.likeExit(here)
			switch {
			case home && j.off, like == same && !home, compare(here, r.place) == same && !home:
				continue
			case home:
			case !j.exitsSettled(), !asked && !j.ev.Final:
				j.wait(rowDNS)
				continue
			case !j.anyExit(), like == cannotTell && !j.comparable(p.Addr()):
				continue // the resolver's own standing says what there is to say
			}
			if home && f.Certainty != proven || len(f.Evidence) == 0 {
				lead, subnet = here, p.String()
			}
			if home {
				f.Certainty = proven
			}
			f.Evidence = append(f.Evidence, Proof{Address: p.String(), Network: n, Via: "ecs", Raw: s})
		}
	}
	if len(f.Evidence) == 0 {
		return
	}
	f.Exposes = lead.exposes()
	f.Explain = text(msgExplainDNSSubnet, subnet, lead.name())
	j.find(f)
}

// ownSubnet reports whether the subnet holds an exit or the resolver itself.
func (j *judgement) ownSubnet(p netip.Prefix, r *resolver) bool {
	if p.Contains(r.addr) {
		return true
	}
	for _, x := range j.exits {
		if x.ok() && p.Contains(x.addr) && !(j.bypass && x.family == 6) {
			return true
		}
	}
	return false
}

// readSubnet reads an ECS prefix, and unmaps it as addresses are.
func readSubnet(s string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	if a := p.Addr(); a.Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, false
		}
		p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}
