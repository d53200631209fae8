package network

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func plan(t *testing.T, extra string) *Plan {
	t.Helper()
	s, err := scenario.Parse("t.yaml", []byte("title: t\nwhy: w\nexpect: {outcome: clear}\n"+extra))
	if err != nil {
		t.Fatal(err)
	}
	return New(s)
}

// lines are the commands that one machine runs.
func lines(commands []Command, machine string) []string {
	var out []string
	for _, c := range commands {
		if c.Machine == machine {
			out = append(out, strings.Join(c.Args, " "))
		}
	}
	return out
}

func has(t *testing.T, list []string, want string) {
	t.Helper()
	if !slices.Contains(list, want) {
		t.Errorf("no %q in:\n%s", want, strings.Join(list, "\n"))
	}
}

func TestTunnelClear(t *testing.T) {
	p := plan(t, "vpn:\n")
	var names []string
	for _, m := range p.Machines {
		names = append(names, m.Name)
	}
	if want := "internet companion isp vpn home client vpn-dns"; strings.Join(names, " ") != want {
		t.Errorf("machines %v, want %s", names, want)
	}
	client := lines(p.Commands(), "client")
	has(t, client, "ip address replace 192.168.1.10/24 dev isp")
	has(t, client, "ip route replace default via 192.168.1.1 dev isp onlink metric 100")
	has(t, client, "ip route replace 192.0.2.1/32 via 192.168.1.1 dev isp onlink")
	has(t, lines(p.TunnelRoutes(), "client"), "ip route replace default dev vpn metric 50")
	has(t, lines(p.Commands(), "internet"), "ip route replace 192.0.2.0/24 dev vpn via 192.0.2.1 onlink")
	has(t, lines(p.Commands(), "vpn"), "ip route replace 192.0.2.53/32 dev vpn-dns")
	if p.Machine("client").IPv6 || p.Machine("home").IPv6 || p.Machine("vpn-dns").IPv6 {
		t.Error("IPv6 where the scenario has none")
	}
	if got := p.ResolvConf(p.Scenario.Client.Resolvers); got != "nameserver 192.0.2.53\n" {
		t.Errorf("resolv.conf %q", got)
	}
}

// The client must be invisible behind its NATs: no router of the Internet may
// know a way to a private address, or a missing NAT would go unnoticed.
func TestPrivateAddressesStayHome(t *testing.T) {
	for _, access := range []string{"nat", "cgnat"} {
		p := plan(t, "isp: {ipv4: "+access+", ipv6: native}\nvpn:\n")
		for _, machine := range []string{"internet", "vpn", "companion"} {
			for _, line := range lines(p.Commands(), machine) {
				for _, private := range []string{"192.168.", "100.64.", "10.8."} {
					if strings.Contains(line, "route") && strings.Contains(line, private) {
						t.Errorf("%s: %s: %s", access, machine, line)
					}
				}
			}
		}
		has(t, lines(p.Commands(), "internet"), "ip route replace 2001:db8:100:1::10/128 dev isp via fe80::2")
	}
}

func TestAccess(t *testing.T) {
	public := plan(t, "isp: {ipv4: public}\n")
	if public.Machine("home") != nil || public.Machine("client").At != "isp" {
		t.Error("a public address is the client's own: there is no router in front")
	}
	has(t, lines(public.Commands(), "client"), "ip address replace 198.51.100.10/32 dev isp")
	eui := plan(t, "isp: {ipv6: eui64}\n")
	has(t, lines(eui.Commands(), "client"), "ip address replace 2001:db8:100:1:0:5eff:fe00:5310/64 dev isp nodad")
	only6 := plan(t, "isp: {ipv4: none, ipv6: native}\nclient: {resolvers: [{resolver: isp, family: ipv6}]}\n")
	for _, line := range lines(only6.Commands(), "client") {
		if strings.Contains(line, "192.168.") {
			t.Errorf("IPv4 on an IPv6-only client: %s", line)
		}
	}
	if got := only6.ResolvConf(only6.Scenario.Client.Resolvers); got != "nameserver 2001:db8:100::53\n" {
		t.Errorf("resolv.conf %q", got)
	}
}

func TestStrongHost(t *testing.T) {
	p := plan(t, "isp: {ipv6: native}\nvpn:\nclient: {host: strong}\n")
	client := lines(p.Commands(), "client")
	has(t, client, "ip -4 rule add from 192.168.1.10 lookup 100")
	has(t, client, "ip -6 rule add from 2001:db8:100:1::10 lookup 100")
	has(t, client, "ip route replace default via 192.168.1.1 dev isp onlink table 100")
}

func TestResolverByLink(t *testing.T) {
	p := plan(t, "vpn:\nclient: {resolvers: [vpn, {resolver: isp, by: isp}, {resolver: 203.0.113.9, by: vpn}]}\n")
	routes := lines(p.TunnelRoutes(), "client")
	has(t, routes, "ip route replace 198.51.100.53/32 via 192.168.1.1 dev isp onlink")
	has(t, routes, "ip route replace 203.0.113.9/32 dev vpn")
	if got, want := p.ResolvConf(p.Scenario.Client.Resolvers), "nameserver 192.0.2.53\nnameserver 198.51.100.53\nnameserver 203.0.113.9\n"; got != want {
		t.Errorf("resolv.conf %q", got)
	}
	if got := p.ResolversInUse(); !slices.Equal(got, []string{"isp", "vpn"}) {
		t.Errorf("in use %v", got)
	}
}

func TestNamedHostsAndResolvers(t *testing.T) {
	p := plan(t, `
hosts:
  leaf: {at: branch, addresses: [203.0.113.71]}
  branch: {at: internet, addresses: [203.0.113.70], delay: 20ms, loss: 2%}
resolvers:
  public: {at: branch, addresses: [203.0.113.72]}
  router: {"on": home, kind: dnsmasq, addresses: [192.168.1.1], forward: public}
client: {resolvers: [router]}
`)
	has(t, lines(p.Commands(), "internet"), "ip route replace 203.0.113.71/32 dev branch via 203.0.113.70 onlink")
	has(t, lines(p.Commands(), "branch"), "ip route replace 203.0.113.72/32 dev public-dns")
	if p.Machine("branch").Delay == 0 || p.Machine("branch").Loss != 0.02 {
		t.Error("delay or loss is lost")
	}
	if p.ResolverMachine("router") != "home" || !slices.Equal(p.ResolversInUse(), []string{"public", "router"}) {
		t.Errorf("router on %s, in use %v", p.ResolverMachine("router"), p.ResolversInUse())
	}
}

func TestRulesets(t *testing.T) {
	p := plan(t, "isp: {ipv4: cgnat}\nvpn: {ipv6: true, exit: 192.0.2.77}\nintercept: [{at: vpn, to: isp}]\nnft: {client: \"table ip mine {}\"}\n")
	for machine, want := range map[string]string{
		"home":   "ip saddr 192.168.1.0/24 oifname \"uplink\" snat to 100.64.0.10",
		"isp":    "ip saddr 100.64.0.0/10 oifname \"uplink\" snat to 198.51.100.10",
		"vpn":    "ip saddr 10.8.0.0/24 oifname \"uplink\" snat to 192.0.2.77",
		"client": "table ip mine {}",
	} {
		if all := strings.Join(p.Machine(machine).NFT, ""); !strings.Contains(all, want) {
			t.Errorf("%s: no %q in:\n%s", machine, want, all)
		}
	}
	if all := strings.Join(p.Machine("vpn").NFT, ""); !strings.Contains(all, "th dport 53 dnat ip to 198.51.100.53") || !strings.Contains(all, "ip6 saddr fd08::2/64") {
		t.Error("vpn:", all)
	}
	dead := DeadRules([]scenario.Part{"stun", "ipv6"}, []string{"node2"})
	if !strings.Contains(dead["companion"], "th dport { 3478, 3479 } drop") || !strings.Contains(dead["isp"], "meta nfproto ipv6 drop") || dead["node2"] != dead["companion"] {
		t.Error(dead)
	}
}

// Interfaces of every scenario of the tree must fit into the kernel's names,
// and no two machines may share one.
func TestOwnScenarios(t *testing.T) {
	files, _ := filepath.Glob("../scenarios/*.yaml")
	for _, file := range files {
		s, err := scenario.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		addrs := map[netip.Addr]string{}
		for _, m := range New(s).Machines {
			if len(m.Name) > 15 || len(m.Uplink) > 15 || seen[m.Name] {
				t.Errorf("%s: machine %q", file, m.Name)
			}
			seen[m.Name] = true
			for _, a := range m.Addrs {
				if addrs[a] != "" {
					t.Errorf("%s: %s is of %s and %s", file, a, addrs[a], m.Name)
				}
				addrs[a] = m.Name
			}
		}
	}
}

func TestLinkUpRestoresRoutes(t *testing.T) {
	p := plan(t, "vpn:\nclient: {resolvers: [{resolver: isp, by: isp}]}\n")
	up := lines(p.LinkUp("isp"), "client")
	has(t, up, "ip link set isp up")
	has(t, up, "ip route replace 198.51.100.53/32 via 192.168.1.1 dev isp onlink")
	if strings.Contains(fmt.Sprint(up), "dev vpn") {
		t.Error("the tunnel may be down", up)
	}
	has(t, up, "ip address replace 192.168.1.10/24 dev isp")
	vpn := lines(p.LinkUp("vpn"), "client")
	has(t, vpn, "ip route replace default dev vpn metric 50")
	has(t, vpn, "ip address replace dev vpn 10.8.0.2/24")
	has(t, lines(p.LinkDown("vpn"), "client"), "ip address flush dev vpn")
}
