package network

import (
	"maps"
	"net/netip"
	"slices"

	"watertight/lab/scenario"
)

// ResolverMachine is the namespace that a resolver runs in.
func (p *Plan) ResolverMachine(name string) string {
	if on := p.Scenario.Resolvers[name].On; on != "" {
		return on
	}
	return name + "-dns"
}

// ResolverAddrs are the addresses of a resolver that exist in this scenario:
// an operator that gives its users no IPv6 has none on its resolver either.
func (p *Plan) ResolverAddrs(name string) []netip.Addr {
	r := p.Scenario.Resolvers[name]
	ipv6 := true
	switch {
	case r.On == "client":
	case r.At == "isp":
		ipv6 = p.Scenario.ISP.IPv6 != "none"
	case r.At == "vpn":
		ipv6 = p.Scenario.VPN.IPv6
	}
	return slices.DeleteFunc(slices.Clone(r.Addresses), func(a netip.Addr) bool { return a.Is6() && !ipv6 })
}

// ResolversInUse are the resolvers that some part of the scenario asks;
// others would only cost time to start.
func (p *Plan) ResolversInUse() []string {
	s, used := p.Scenario, map[string]bool{}
	var use func(name string)
	use = func(name string) {
		if r, ok := s.Resolvers[name]; ok && !used[name] {
			used[name] = true
			use(r.Forward)
		}
	}
	for _, u := range s.Client.Resolvers {
		use(u.Resolver)
	}
	for _, step := range s.Steps {
		for _, u := range step.Resolvers {
			use(u.Resolver)
		}
	}
	for _, x := range s.Intercept {
		use(x.To)
	}
	use(s.Client.DoH)
	use(s.ISP.RADNS)
	for name, r := range s.Resolvers {
		for _, u := range s.Client.Resolvers {
			if a, err := netip.ParseAddr(u.Resolver); err == nil && slices.Contains(r.Addresses, a) {
				use(name)
			}
		}
	}
	if s.Proxy != nil {
		use("proxy")
	}
	return slices.Sorted(maps.Keys(used))
}

// NeedsRoot reports whether some resolver walks down from the root of the DNS.
func (p *Plan) NeedsRoot() bool {
	return slices.ContainsFunc(p.ResolversInUse(), func(name string) bool {
		return slices.Contains([]scenario.ResolverKind{"bind", "knot", "pdns"}, p.Scenario.Resolvers[name].Kind)
	})
}

func (p *Plan) allResolverAddrs() []netip.Addr {
	var out []netip.Addr
	for _, name := range p.ResolversInUse() {
		out = append(out, p.ResolverAddrs(name)...)
	}
	return out
}

func (p *Plan) addResolvers() {
	for _, name := range p.ResolversInUse() {
		r := p.Scenario.Resolvers[name]
		if r.On != "" {
			continue
		}
		addrs := p.ResolverAddrs(name)
		p.add(Machine{Name: p.ResolverMachine(name), At: r.At, Addrs: addrs,
			IPv6: slices.ContainsFunc(addrs, netip.Addr.Is6)})
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func firstIPv4(addrs []netip.Addr) netip.Addr {
	for _, a := range addrs {
		if a.Is4() {
			return a
		}
	}
	return netip.Addr{}
}
