package network

import (
	"fmt"
	"net/netip"
	"strings"

	"watertight/lab/scenario"
)

// rulesets are the nft inputs of one machine: what the scenario switches on,
// then what it writes itself.
func (p *Plan) rulesets(name string) []string {
	var out []string
	s := p.Scenario
	switch name {
	case "home":
		if m := p.Machine("home"); len(m.Addrs) > 0 {
			out = append(out, snat("192.168.1.0/24", m.Addrs[0]))
		}
	case "isp":
		if s.ISP.IPv4 == "cgnat" {
			out = append(out, snat("100.64.0.0/10", scenario.ISPExit))
		}
		if s.ISP.NAT64 {
			out = append(out, snat(Inside64.String(), scenario.ISPExit))
		}
	case "vpn":
		out = append(out, ExitRules(s.VPN.Exit))
		if s.VPN.IPv6 {
			out = append(out, snat(TunnelClient6.String()+"/64", scenario.VPNExit6))
		}
	}
	for _, x := range s.Intercept {
		if x.At == name {
			out = append(out, intercept(p.ResolverAddrs(x.To), p.allResolverAddrs()))
		}
	}
	if own := s.NFT[name]; own != "" {
		out = append(out, own)
	}
	return out
}

func nftFamily(a netip.Addr) string {
	if a.Is6() {
		return "ip6"
	}
	return "ip"
}

// ExitRules make the VPN's users leave from one address. Loading them again
// with another address moves the exit.
func ExitRules(exit netip.Addr) string { return snat("10.8.0.0/24", exit) }

func snat(from string, to netip.Addr) string {
	family := nftFamily(to)
	table := "table " + family + " lab_nat"
	// Adding before deleting makes the ruleset loadable whether it is there or not.
	return fmt.Sprintf(`%[1]s
delete %[1]s
%[1]s {
	chain out {
		type nat hook postrouting priority srcnat;
		%[2]s saddr %[3]s oifname "uplink" snat to %[4]s
	}
}
`, table, family, from, to)
}

// intercept answers what passes by on port 53 from another resolver, as a
// transparent DNS proxy does. The resolvers themselves are let through: they
// are the operator's own, and would otherwise ask themselves.
func intercept(to, resolvers []netip.Addr) string {
	var b strings.Builder
	b.WriteString("table inet lab_dns {\n\tchain in {\n\t\ttype nat hook prerouting priority dstnat;\n")
	for _, a := range resolvers {
		fmt.Fprintf(&b, "\t\t%s saddr %s accept\n", nftFamily(a), a)
	}
	for _, a := range to {
		family := nftFamily(a)
		fmt.Fprintf(&b, "\t\tiifname != \"uplink\" meta l4proto { tcp, udp } th dport 53 dnat %s to %s\n", family, a)
	}
	b.WriteString("\t}\n}\n")
	return b.String()
}

// DeadRules switch parts of the world off without a word, as a dead server or
// a black hole does: nothing is refused, so every client waits. Nodes lose what
// the companion loses.
func DeadRules(parts []scenario.Part, nodes []string) map[string]string {
	companion, isp := "", ""
	for _, part := range parts {
		switch part {
		case "companion":
			companion += "\t\tdrop\n"
		case "http":
			companion += "\t\ttcp dport { 80, 443 } drop\n"
		case "stun":
			// Its TURN as well, and what the authority's socket answers (by the
			// magic cookie of RFC 8489 §5, behind the UDP header).
			companion += "\t\tmeta l4proto { tcp, udp } th dport { 3478, 3479 } drop\n\t\tudp dport 53 @th,96,32 0x2112a442 drop\n"
		case "dns":
			companion += "\t\tmeta l4proto { tcp, udp } th dport 53 drop\n"
		case "ipv6":
			isp += "\t\tmeta nfproto ipv6 drop\n"
		}
	}
	out := map[string]string{
		"companion": deadTable("input", companion),
		"isp":       deadTable("forward", isp),
	}
	for _, node := range nodes {
		out[node] = out["companion"]
	}
	return out
}

func deadTable(hook, rules string) string {
	return fmt.Sprintf(`table inet lab_dead
delete table inet lab_dead
table inet lab_dead {
	chain dead {
		type filter hook %s priority -50;
		ip6 nexthdr icmpv6 accept
%s	}
}
`, hook, rules)
}
