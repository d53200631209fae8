package scenario

import "net/netip"

// The address plan of every scenario: documentation prefixes only (RFC 5737,
// RFC 3849), one organisation each, so that a report can be read by eye.
var (
	ISPExit   = netip.MustParseAddr("198.51.100.10")
	VPNExit   = netip.MustParseAddr("192.0.2.10")
	VPNExit6  = netip.MustParseAddr("2001:db8:200::10")
	Companion = netip.MustParseAddr("203.0.113.53")
	ProxyAddr = netip.MustParseAddr("203.0.113.129")
	// CallsAddr serves the page that calls, and TURN; PeerAddr is who is called.
	CallsAddr = netip.MustParseAddr("203.0.113.80")
	PeerAddr  = netip.MustParseAddr("203.0.113.90")
	// PagesAddr serves the websites of lab/pages, and STUN.
	PagesAddr = netip.MustParseAddr("203.0.113.100")
	// AuthorityAddr issues the companion's certificates, if it has some.
	AuthorityAddr = netip.MustParseAddr("203.0.113.60")

	Companion6 = netip.MustParseAddr("2001:db8:53::53")
)

// Zone is the companion's zone, below the TLD that RFC 6761 §6.2 sets aside.
const Zone = "watertight.test"

// BaseHosts are the machines that exist, or may exist, without being named.
var BaseHosts = []string{"client", "home", "isp", "vpn", "internet", "companion", "proxy", "calls", "peer", "pages", "authority",
	"node1", "node2", "node3", "node4", "node5", "node6", "node7", "node8"}

// BaseOperators are who owns the prefixes of the address plan.
func BaseOperators() map[string]Operator {
	p := netip.MustParsePrefix
	return map[string]Operator{
		"isp": {ASN: 64500, Org: "Example ISP", Country: "DE", Kind: "access",
			Prefixes: []netip.Prefix{p("198.51.100.0/24"), p("2001:db8:100::/48")}},
		"vpn": {ASN: 64510, Org: "Example VPN", Country: "SE", Kind: "vpn",
			Prefixes: []netip.Prefix{p("192.0.2.0/24"), p("2001:db8:200::/48")}},
		"proxy": {ASN: 64520, Org: "Example Proxy", Country: "NL", Kind: "hosting",
			Prefixes: []netip.Prefix{p("203.0.113.128/25")}},
		"companion": {ASN: 64530, Org: "Example Hosting", Country: "FR", Kind: "hosting",
			Prefixes: []netip.Prefix{p("203.0.113.0/25"), p("2001:db8:53::/48")}},
	}
}

// baseResolvers exist where their network does.
func (s *Scenario) baseResolvers() map[string]Resolver {
	a := netip.MustParseAddr
	base := map[string]Resolver{
		"isp": {Kind: "unbound", At: "isp", Addresses: []netip.Addr{a("198.51.100.53"), a("2001:db8:100::53")}},
	}
	if s.VPN != nil {
		base["vpn"] = Resolver{Kind: "unbound", At: "vpn", Addresses: []netip.Addr{a("192.0.2.53"), a("2001:db8:200::53")}}
	}
	if s.Proxy != nil {
		base["proxy"] = Resolver{Kind: "unbound", At: "internet", Addresses: []netip.Addr{a("203.0.113.153")}}
	}
	return base
}

func (s *Scenario) setDefaults() {
	if len(s.Browsers) == 0 {
		s.Browsers = []Browser{"chromium", "firefox"}
	}
	or(&s.ISP.IPv4, "nat")
	or(&s.ISP.IPv6, "none")
	or(&s.Client.Host, "weak")
	or(&s.Hardening, "off")
	if s.VPN != nil {
		or(&s.VPN.Tunnel, "wireguard")
		or(&s.VPN.Exit, VPNExit)
	}
	if s.Proxy != nil {
		or(&s.Proxy.Kind, "socks5")
	}
	if s.Client.Resolvers == nil {
		s.Client.Resolvers = []Use{{Resolver: "isp"}}
		if s.VPN != nil {
			s.Client.Resolvers = []Use{{Resolver: "vpn"}}
		}
	}
	s.Resolvers = merge(s.Resolvers, s.baseResolvers(), func(r, base Resolver) Resolver {
		or(&r.Kind, base.Kind)
		or(&r.At, base.At)
		if r.Addresses == nil {
			r.Addresses = base.Addresses
		}
		return r
	})
	s.Operators = merge(s.Operators, BaseOperators(), func(o, base Operator) Operator {
		or(&o.ASN, base.ASN)
		or(&o.Org, base.Org)
		or(&o.Country, base.Country)
		or(&o.Kind, base.Kind)
		if o.Prefixes == nil {
			o.Prefixes = base.Prefixes
		}
		return o
	})
	for name, r := range s.Resolvers {
		or(&r.Kind, "unbound")
		if s.VisitsSites() && r.Kind == "unbound" {
			r.Config += siteNames
		}
		s.Resolvers[name] = r
	}
}

// siteNames gives the websites of lab/pages their names: all below example, a
// top-level domain that RFC 2606 §2 sets aside.
const siteNames = `
local-zone: "example." redirect
local-data: "example. 60 A 203.0.113.100"
`

func or[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func merge[T any](given, base map[string]T, fill func(T, T) T) map[string]T {
	out := map[string]T{}
	for name, b := range base {
		out[name] = b
	}
	for name, g := range given {
		out[name] = fill(g, base[name])
	}
	return out
}
