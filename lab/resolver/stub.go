package resolver

import (
	"cmp"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"watertight/lab/scenario"
)

func dnsmasqArgs(_ Config, file string) []string { return []string{"dnsmasq", "-k", "-C", file} }

// dnsmasq is what most home routers run: a cache that asks the ISP's resolver.
// Without "forward" it asks the authority as if that were a resolver.
func dnsmasq(c Config) string {
	var b strings.Builder
	b.WriteString("no-resolv\nno-hosts\nbind-interfaces\nuser=\ngroup=\nlog-facility=-\nlocal=/#/\n")
	for _, a := range c.Listen {
		fmt.Fprintf(&b, "listen-address=%s\n", a)
	}
	if c.ECS {
		b.WriteString("add-subnet=24,56\n")
	}
	for _, a := range c.upstream() {
		fmt.Fprintf(&b, "server=/%s/%s\n", scenario.Zone, a)
	}
	return b.String() + c.Extra
}

// passwd is the user database that systemd-resolved sees: it wants to become a
// user of its own, which a user namespace does not have.
const passwd = "root:x:0:0:root:/root:/bin/sh\nsystemd-resolve:x:0:0::/:/usr/sbin/nologin\nnobody:x:65534:65534::/:/usr/sbin/nologin\n"

func resolvedArgs(Config, string) []string { return []string{resolvedProgram()} }

// EnvProgram and EnvLibs tell the isolated lab where systemd-resolved is: it is
// on nobody's PATH, and perhaps only unpacked (package debian).
const (
	EnvProgram = "WATERTIGHT_RESOLVED"
	EnvLibs    = "WATERTIGHT_RESOLVED_LIBS"
)

func resolvedProgram() string { return cmp.Or(os.Getenv(EnvProgram), "/lib/systemd/systemd-resolved") }

// resolved is the stub resolver of most Linux desktops, at 127.0.0.53.
func resolved(c Config) string {
	var servers []string
	for _, a := range c.upstream() {
		servers = append(servers, a.String())
	}
	return fmt.Sprintf("[Resolve]\nDNS=%s\nFallbackDNS=\nDomains=~.\nDNSSEC=no\nLLMNR=no\nMulticastDNS=no\n%s", strings.Join(servers, " "), c.Extra)
}

func (c Config) upstream() []netip.Addr {
	if len(c.Forward) > 0 {
		return c.Forward
	}
	return c.Zone
}
