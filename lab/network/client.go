package network

import (
	"net/netip"
	"slices"
	"strings"

	"watertight/lab/scenario"
)

// strongTable is the routing table of a strong host: what is sent from the
// ISP's address leaves by the ISP's link (RFC 1122 §3.3.4.2), as on Windows
// and macOS; plain Linux is a weak host and sends it into the tunnel.
const strongTable = "100"

// clientRoutes are the client's routes over the ISP's link.
func (p *Plan) clientRoutes() []Command {
	var out []Command
	if p.Scenario.VPN != nil {
		out = append(out, p.byISP(netip.PrefixFrom(ServerEndpoint, 32)))
	}
	if p.Scenario.Client.Host == "strong" {
		for _, a := range p.Machine("client").Addrs {
			if a.Is4() {
				out = append(out, ip("client", "route replace default via "+p.gateway()+" dev isp onlink table "+strongTable))
			} else {
				out = append(out, ip("client", "-6 route replace default via "+linkLocal+" dev isp table "+strongTable))
			}
		}
	}
	return out
}

// clientRules choose the table by the source address.
func (p *Plan) clientRules() []Command {
	var out []Command
	if p.Scenario.Client.Host == "strong" {
		for _, a := range p.Machine("client").Addrs {
			out = append(out, ip("client", family(a)+" rule add from "+a.String()+" lookup "+strongTable))
		}
	}
	return out
}

func family(a netip.Addr) string {
	if a.Is6() {
		return "-6"
	}
	return "-4"
}

// LinkDown takes a link of the client down as a VPN client or a connection
// manager does: the addresses go first. Browsers notice only that; with the
// addresses in place they would go on using their dead connections.
func (p *Plan) LinkDown(link scenario.Link) []Command {
	return []Command{ip("client", "address flush dev "+string(link)), ip("client", "link set "+string(link)+" down")}
}

// LinkUp restores addresses and routes.
func (p *Plan) LinkUp(link scenario.Link) []Command {
	out := []Command{ip("client", "link set "+string(link)+" up")}
	if link == "isp" {
		out = append(append(out, p.own(*p.Machine("client"))...), p.clientRoutes()...)
	} else {
		for _, a := range p.TunnelAddrs("client") {
			out = append(out, ip("client", "address replace dev vpn "+a))
		}
	}
	return append(out, p.tunnelRoutes(link)...)
}

// TunnelAddrs are the addresses inside the tunnel, at "client" or "vpn", with
// what their commands need.
func (p *Plan) TunnelAddrs(machine string) []string {
	v4, v6 := TunnelClient, TunnelClient6
	if machine == "vpn" {
		v4, v6 = TunnelServer, TunnelServer6
	}
	out := []string{v4.String() + "/24"}
	if p.Scenario.VPN.IPv6 {
		out = append(out, v6.String()+"/64 nodad")
	}
	return out
}

func (p *Plan) gateway() string { return p.Machine(p.Machine("client").At).Inner.String() }

func (p *Plan) byISP(to netip.Prefix) Command {
	if to.Addr().Is6() {
		return ip("client", "-6 route replace "+to.String()+" via "+linkLocal+" dev isp")
	}
	return ip("client", "route replace "+to.String()+" via "+p.gateway()+" dev isp onlink")
}

func (p *Plan) by(link scenario.Link, to netip.Prefix) Command {
	if link == "isp" {
		return p.byISP(to)
	}
	return ip("client", "route replace "+to.String()+" dev vpn")
}

// TunnelRoutes are the routes that a VPN client sets once its tunnel is up,
// and the scenario's own, which may need the tunnel.
func (p *Plan) TunnelRoutes() []Command { return p.tunnelRoutes("isp", "vpn") }

func (p *Plan) tunnelRoutes(links ...scenario.Link) []Command {
	var out []Command
	if v := p.Scenario.VPN; v != nil && slices.Contains(links, "vpn") {
		out = append(out, ip("client", "route replace default dev vpn metric 50"))
		if v.IPv6 {
			out = append(out, ip("client", "-6 route replace default dev vpn metric 50"))
		}
	}
	for _, r := range p.Scenario.Client.Routes {
		if slices.Contains(links, r.By) {
			out = append(out, p.by(r.By, r.To))
		}
	}
	for _, u := range p.Scenario.Client.Resolvers {
		if slices.Contains(links, u.By) {
			out = append(out, p.ResolverRoutes([]scenario.Use{u})...)
		}
	}
	return out
}

// ResolverRoutes pin name servers to the link that the scenario gives them.
func (p *Plan) ResolverRoutes(uses []scenario.Use) []Command {
	var out []Command
	for _, u := range uses {
		if u.By == "" {
			continue
		}
		for _, a := range p.NameServers([]scenario.Use{u}) {
			out = append(out, p.by(u.By, netip.PrefixFrom(a, a.BitLen())))
		}
	}
	return out
}

// NameServers are the addresses that the client's resolv.conf lists. Of a
// name only one address is taken, IPv4 unless the scenario says otherwise: a
// second one would be a second server, asked when the first one fails.
func (p *Plan) NameServers(uses []scenario.Use) []netip.Addr {
	var out []netip.Addr
	for _, u := range uses {
		if a, err := netip.ParseAddr(u.Resolver); err == nil {
			out = append(out, a)
			continue
		}
		for _, a := range p.ResolverAddrs(u.Resolver) {
			if a.Is4() == (u.Family != "ipv6") {
				out = append(out, a)
				break
			}
		}
	}
	return out
}

// ResolvConf is the client's /etc/resolv.conf.
func (p *Plan) ResolvConf(uses []scenario.Use) string {
	var b strings.Builder
	for _, a := range p.NameServers(uses) {
		b.WriteString("nameserver " + a.String() + "\n")
	}
	return b.String()
}
