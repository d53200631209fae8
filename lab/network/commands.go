package network

import (
	"net/netip"
	"strings"
)

// Command is one call of a system tool, in the namespace of a machine.
type Command struct {
	Machine string
	Args    []string
	Input   string
}

func (c Command) String() string { return c.Machine + ": " + strings.Join(c.Args, " ") }

// linkLocal is the gateway of every machine's IPv6: one address on each
// downward interface, because IPv6 neighbour discovery, unlike ARP, answers
// only for addresses of the very interface (RFC 4861 §7.2.3).
const linkLocal = "fe80::1"

// Commands are everything between "the namespaces and links exist" and "the
// tunnel can be made", in order.
func (p *Plan) Commands() []Command {
	var out []Command
	for _, m := range p.Machines {
		out = append(out, p.own(m)...)
	}
	for _, m := range p.Machines {
		out = append(out, p.downward(m)...)
		for _, rules := range m.NFT {
			out = append(out, Command{m.Name, []string{"nft", "-f", "-"}, rules})
		}
	}
	return append(append(out, p.clientRoutes()...), p.clientRules()...)
}

// own sets up a machine's own addresses and its way up.
func (p *Plan) own(m Machine) []Command {
	dev := m.Uplink
	out := []Command{ip(m.Name, "link set lo up")}
	if m.At == "" {
		return append(out, ip(m.Name, "address replace "+m.Inner.String()+"/32 dev lo"))
	}
	if m.MAC != "" && m.Delay == 0 && m.Loss == 0 { // a wire of packets has no MAC
		out = append(out, ip(m.Name, "link set "+dev+" address "+m.MAC))
	}
	for _, a := range m.Addrs {
		if a.Is4() || m.IPv6 {
			out = append(out, ip(m.Name, "address replace "+prefixOf(m, a)+" dev "+dev+nodad(a)))
		}
	}
	if m.Inner.IsValid() && (len(m.Addrs) == 0 || m.Inner != m.Addrs[0]) {
		out = append(out, ip(m.Name, "address replace "+m.Inner.String()+"/32 dev lo"))
	}
	if m.IPv6 && m.Inner.IsValid() {
		out = append(out, ip(m.Name, "address replace "+childLinkLocal+"/64 dev "+dev+" nodad"))
	}
	out = append(out, ip(m.Name, "link set "+dev+" up"))
	if firstIPv4(m.Addrs).IsValid() {
		out = append(out, ip(m.Name, "route replace default via "+p.Machine(m.At).Inner.String()+" dev "+dev+" onlink"+metric(m)))
	}
	if m.IPv6 {
		out = append(out, ip(m.Name, "-6 route replace default via "+linkLocal+" dev "+dev+metric(m)))
	}
	return out
}

// downward sets up a machine's routes to everything below it.
func (p *Plan) downward(parent Machine) []Command {
	var out []Command
	for _, m := range p.Machines {
		if m.At != parent.Name {
			continue
		}
		out = append(out, ip(parent.Name, "link set "+m.Name+" up"))
		if parent.IPv6 {
			out = append(out, ip(parent.Name, "address replace "+linkLocal+"/64 dev "+m.Name+" nodad"))
		}
		for _, to := range append(hostPrefixes(m.Addrs), p.beyond(m)...) {
			if to.Addr().Is4() || parent.IPv6 && m.IPv6 {
				out = append(out, ip(parent.Name, "route replace "+to.String()+" dev "+m.Name+via(m, to)))
			}
		}
	}
	return out
}

// beyond are the public prefixes below a machine; private ones end at its NAT.
func (p *Plan) beyond(m Machine) []netip.Prefix {
	out := append([]netip.Prefix(nil), m.Behind...)
	for _, child := range p.Machines {
		if child.At == m.Name {
			for _, to := range append(hostPrefixes(child.Addrs), p.beyond(child)...) {
				if !private(to.Addr()) {
					out = append(out, to)
				}
			}
		}
	}
	return out
}

var cgnat = netip.MustParsePrefix("100.64.0.0/10")

func private(a netip.Addr) bool { return a.IsPrivate() || cgnat.Contains(a) }

// via names the next machine where the destination is not on the link itself.
func via(m Machine, to netip.Prefix) string {
	for _, a := range m.Addrs {
		if to.IsSingleIP() && to.Addr() == a {
			return ""
		}
	}
	for _, a := range m.Addrs {
		if a.Is4() == to.Addr().Is4() {
			return " via " + a.String() + " onlink"
		}
	}
	if to.Addr().Is6() {
		return " via " + childLinkLocal
	}
	return ""
}

// childLinkLocal is the other end of every link that carries routed IPv6.
const childLinkLocal = "fe80::2"

func hostPrefixes(addrs []netip.Addr) []netip.Prefix {
	var out []netip.Prefix
	for _, a := range addrs {
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out
}

// prefixOf shows the client the usual sizes of a LAN; all others are /32 and
// /128 with an on-link gateway, so that no two links share a subnet.
func prefixOf(m Machine, a netip.Addr) string {
	switch {
	case m.Name == "client" && a.Is4() && a.IsPrivate():
		return a.String() + "/24"
	case m.Name == "client" && a.Is6():
		return a.String() + "/64"
	}
	return netip.PrefixFrom(a, a.BitLen()).String()
}

func nodad(a netip.Addr) string {
	if a.Is6() {
		return " nodad" // a tentative address cannot send for a second (RFC 4862 §5.4)
	}
	return ""
}

func metric(m Machine) string {
	if m.Name == "client" {
		return " metric 100" // the tunnel's default route comes first
	}
	return ""
}

func ip(machine, line string) Command {
	return Command{Machine: machine, Args: append([]string{"ip"}, strings.Fields(line)...)}
}
