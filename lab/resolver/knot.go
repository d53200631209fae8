package resolver

import (
	"fmt"
	"strings"

	"watertight/lab/root"
	"watertight/lab/scenario"
)

func knotArgs(c Config, file string) []string { return []string{"kresd", "-n", "-c", file, c.Dir} }

// knot is Knot Resolver with its defaults: it minimises names and mixes their
// case (0x20).
func knot(c Config) string {
	var b strings.Builder
	for _, a := range c.Listen {
		fmt.Fprintf(&b, "net.listen('%s', 53, { kind = 'dns' })\n", a)
	}
	v4, v6 := families(c.Listen)
	if len(v4) > 0 {
		fmt.Fprintf(&b, "net.outgoing_v4('%s')\n", v4[0])
	}
	if len(v6) > 0 {
		fmt.Fprintf(&b, "net.outgoing_v6('%s')\n", v6[0])
	}
	fmt.Fprintf(&b, "net.ipv6 = %t\ncache.size = 10 * MB\n", c.IPv6)
	// Without a key of the root there is nothing to validate or to refresh.
	b.WriteString("trust_anchors.remove('.')\nmodules.unload('ta_update')\nmodules.unload('ta_signal_query')\nmodules.unload('priming')\nmodules.load('hints')\n")
	var hints []string
	for _, a := range root.Addrs {
		if a.Is4() || c.IPv6 {
			hints = append(hints, "'"+a.String()+"'")
		}
	}
	fmt.Fprintf(&b, "hints.root({ ['%s'] = { %s } })\n", root.Name, strings.Join(hints, ", "))
	// Names below "test." are refused by default (RFC 6761 §6.2).
	action := "policy.PASS"
	if len(c.Forward) > 0 {
		var to []string
		for _, a := range c.Forward {
			to = append(to, "'"+a.String()+"'")
		}
		action = "policy.STUB({ " + strings.Join(to, ", ") + " })"
	}
	fmt.Fprintf(&b, "policy.add(policy.suffix(%s, { todname('%s.') }))\n", action, scenario.Zone)
	return b.String() + c.Extra
}
