// Package network turns a scenario into machines, links, addresses, routes
// and filters, and builds them from network namespaces.
//
// The Plan is pure data and so are the commands that follow from it; tests
// read those. Every machine but the root has one uplink, so the network is a
// tree with "internet" at its root; the client's tunnel is the one shortcut.
package network

import (
	"net/netip"
	"slices"
	"time"

	"watertight/lab/root"
	"watertight/lab/scenario"
)

// Machine is one network namespace.
type Machine struct {
	Name   string
	At     string // the machine that its uplink leads to
	Uplink string // name of the interface
	Addrs  []netip.Addr
	Inner  netip.Addr     // its address on the side of the machines below it
	Behind []netip.Prefix // prefixes that are sent to it without an owner yet
	IPv6   bool
	MAC    string
	Delay  time.Duration
	Loss   float64 // share of packets, 0 to 1
	NFT    []string
}

// Plan is the whole network of one scenario.
type Plan struct {
	Machines []Machine // parents before children
	Scenario *scenario.Scenario
}

var (
	lanGateway = netip.MustParseAddr("192.168.1.1")
	lanClient  = netip.MustParseAddr("192.168.1.10")
	ispSide    = netip.MustParseAddr("198.51.100.1")
	// ServerEndpoint is where the VPN's clients connect to.
	ServerEndpoint = netip.MustParseAddr("192.0.2.1")
	cgnatHome      = netip.MustParseAddr("100.64.0.10") // RFC 6598
	internetSide   = netip.MustParseAddr("203.0.113.1")

	// The tunnel's inside: private addresses, NATed to the exit.
	TunnelClient  = netip.MustParseAddr("10.8.0.2")
	TunnelServer  = netip.MustParseAddr("10.8.0.1")
	TunnelClient6 = netip.MustParseAddr("fd08::2")
	TunnelServer6 = netip.MustParseAddr("fd08::1")

	// NAT64 is a prefix of the ISP (RFC 6052 §2.2): under the well-known one,
	// translators refuse the documentation addresses that the lab is made of.
	// Inside64 are what its users have between the two translations.
	NAT64    = netip.MustParsePrefix("2001:db8:100:64::/96")
	Inside64 = netip.MustParsePrefix("100.64.64.0/24")
)

const (
	clientMAC = "02:00:5e:00:53:10" // locally administered; RFC 9542 §2.1.4 sets 00-53 aside for documentation
	// The client's stable address, and the EUI-64 that RFC 4291 App. A makes of its MAC.
	nativeAddr = "2001:db8:100:1::10"
	eui64Addr  = "2001:db8:100:1:0:5eff:fe00:5310"
)

// New plans the network of a scenario that has been validated.
func New(s *scenario.Scenario) *Plan {
	p := &Plan{Scenario: s}
	p.add(Machine{Name: "internet", Inner: internetSide, IPv6: true})
	p.add(Machine{Name: "companion", At: "internet", IPv6: true, Addrs: []netip.Addr{scenario.Companion, scenario.Companion6}})
	for i, name := range s.NodeNames() {
		p.add(Machine{Name: name, At: "internet", IPv6: true, Addrs: s.NameServers()[i]})
	}
	p.add(Machine{Name: "isp", At: "internet", IPv6: true, Addrs: []netip.Addr{ispSide}, Inner: ispSide, Behind: s.Operators["isp"].Prefixes})
	if s.VPN != nil {
		p.add(Machine{Name: "vpn", At: "internet", IPv6: true, Addrs: []netip.Addr{ServerEndpoint}, Inner: ServerEndpoint,
			Behind: s.Operators["vpn"].Prefixes, Delay: time.Duration(s.VPN.Delay), Loss: float64(s.VPN.Loss) / 100})
	}
	if s.Proxy != nil {
		p.add(Machine{Name: "proxy", At: "internet", Addrs: []netip.Addr{scenario.ProxyAddr}})
	}
	if s.MakesCalls() {
		p.add(Machine{Name: "calls", At: "internet", Addrs: []netip.Addr{scenario.CallsAddr}})
	}
	if s.VisitsSites() {
		p.add(Machine{Name: "pages", At: "internet", Addrs: []netip.Addr{scenario.PagesAddr}})
	}
	if s.MakesCalls() || s.VisitsSites() {
		p.add(Machine{Name: "peer", At: "internet", Addrs: []netip.Addr{scenario.PeerAddr}})
	}
	if s.HTTPS {
		p.add(Machine{Name: "authority", At: "internet", Addrs: []netip.Addr{scenario.AuthorityAddr}})
	}
	if p.NeedsRoot() {
		p.add(Machine{Name: root.Machine, At: "internet", IPv6: true, Addrs: root.All})
	}
	p.addAccess()
	p.addNamed()
	p.addResolvers()
	for i := range p.Machines {
		p.Machines[i].NFT = p.rulesets(p.Machines[i].Name)
	}
	return p
}

func (p *Plan) add(m Machine) {
	if m.Uplink == "" {
		m.Uplink = "uplink"
	}
	p.Machines = append(p.Machines, m)
}

// Machine finds a machine by name; nil if the scenario has none.
func (p *Plan) Machine(name string) *Machine {
	i := slices.IndexFunc(p.Machines, func(m Machine) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &p.Machines[i]
}

// addAccess adds the client and, unless it has the public address itself, the
// home router in front of it.
func (p *Plan) addAccess() {
	isp := p.Scenario.ISP
	client := Machine{Name: "client", At: "home", Uplink: "isp", MAC: clientMAC, IPv6: isp.IPv6 != "none"}
	home := Machine{Name: "home", At: "isp", Inner: lanGateway, IPv6: client.IPv6}
	switch isp.IPv4 {
	case "nat":
		client.Addrs, home.Addrs = []netip.Addr{lanClient}, []netip.Addr{scenario.ISPExit}
	case "cgnat":
		client.Addrs, home.Addrs = []netip.Addr{lanClient}, []netip.Addr{cgnatHome}
	case "public":
		client.At, client.Addrs = "isp", []netip.Addr{scenario.ISPExit}
	}
	switch isp.IPv6 {
	case "native":
		client.Addrs = append(client.Addrs, netip.MustParseAddr(nativeAddr))
	case "eui64":
		client.Addrs = append(client.Addrs, netip.MustParseAddr(eui64Addr))
	}
	slow := &home
	if client.At == "isp" {
		slow = &client
	}
	slow.Delay, slow.Loss = time.Duration(isp.Delay), float64(isp.Loss)/100
	if client.At == "home" {
		p.add(home)
	}
	p.add(client)
}

// addNamed adds the scenario's own hosts, parents first whatever the order.
func (p *Plan) addNamed() {
	hosts := p.Scenario.Hosts
	for p.missing() {
		for _, name := range sortedKeys(hosts) {
			h := hosts[name]
			if p.Machine(name) == nil && p.Machine(h.At) != nil {
				p.add(Machine{Name: name, At: h.At, Addrs: h.Addresses, Inner: firstIPv4(h.Addresses), IPv6: true,
					Delay: time.Duration(h.Delay), Loss: float64(h.Loss) / 100})
			}
		}
	}
}

func (p *Plan) missing() bool {
	for name, h := range p.Scenario.Hosts {
		if p.Machine(name) == nil && (p.Machine(h.At) != nil || p.Scenario.Hosts[h.At].At != "") {
			return true
		}
	}
	return false
}
