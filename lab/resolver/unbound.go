package resolver

import (
	"fmt"
	"strings"

	"watertight/lab/scenario"
)

func unboundArgs(_ Config, file string) []string { return []string{"unbound", "-d", "-p", "-c", file} }

func unbound(c Config) string {
	var b strings.Builder
	b.WriteString("server:\n")
	for _, a := range c.Listen {
		// The address is also the one to ask from: a machine may have others.
		fmt.Fprintf(&b, "  interface: %s\n  outgoing-interface: %s\n", a, a)
		if c.DoH != nil {
			fmt.Fprintf(&b, "  interface: %s@443\n", a)
		}
	}
	if c.DoH != nil {
		fmt.Fprintf(&b, "  https-port: 443\n  tls-service-pem: %q\n  tls-service-key: %q\n", c.DoH.Cert, c.DoH.Key)
	}
	modules := "iterator"
	if c.ECS {
		modules = "subnetcache " + modules
		for _, a := range c.Zone {
			fmt.Fprintf(&b, "  send-client-subnet: %s\n", a)
		}
	}
	if c.DNS64.IsValid() {
		modules = "dns64 " + modules
		fmt.Fprintf(&b, "  dns64-prefix: %s\n", c.DNS64)
	}
	do6 := "no"
	if c.IPv6 {
		do6 = "yes"
	}
	fmt.Fprintf(&b, `  do-ip6: %s
  access-control: 0.0.0.0/0 allow
  access-control: ::/0 allow
  username: ""
  chroot: ""
  directory: "/"
  pidfile: ""
  use-syslog: no
  num-threads: 1
  module-config: "%s"
  qname-minimisation: yes
  local-zone: "." static
  local-zone: "%s." transparent
`, do6, modules, scenario.Zone)
	b.WriteString(indent(c.Extra))
	b.WriteString("remote-control:\n  control-enable: no\n")
	if len(c.Forward) > 0 {
		fmt.Fprintf(&b, "forward-zone:\n  name: %q\n", scenario.Zone)
		for _, a := range c.Forward {
			fmt.Fprintf(&b, "  forward-addr: %s\n", a)
		}
		return b.String()
	}
	fmt.Fprintf(&b, "stub-zone:\n  name: %q\n  stub-prime: no\n", scenario.Zone)
	for _, a := range c.Zone {
		fmt.Fprintf(&b, "  stub-addr: %s\n", a)
	}
	return b.String()
}

func indent(lines string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		b.WriteString("  " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}
