package resolver

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"

	"watertight/lab/scenario"
)

func pdnsArgs(_ Config, file string) []string {
	return []string{"pdns_recursor", "--config-dir=" + filepath.Dir(file), "--daemon=no"}
}

// pdns is PowerDNS Recursor with its defaults: it minimises names and sets DO.
func pdns(c Config) string {
	var b strings.Builder
	set := func(name string, value any) { fmt.Fprintf(&b, "%s=%v\n", name, value) }
	set("local-address", commas(c.Listen))
	set("query-local-address", commas(c.Listen))
	set("allow-from", "0.0.0.0/0,::/0")
	set("dont-query", "") // its list holds the documentation prefixes
	set("socket-dir", c.Dir)
	set("hint-file", writeHints(c))
	set("dnssec", "process-no-validate")
	set("security-poll-suffix", "")
	set("disable-syslog", "yes")
	set("write-pid", "no")
	set("threads", 1)
	set("setuid", "")
	set("setgid", "")
	if c.ECS {
		set("edns-subnet-allow-list", scenario.Zone)
		set("use-incoming-edns-subnet", "no")
	}
	if len(c.Forward) > 0 {
		set("forward-zones-recurse", scenario.Zone+"="+strings.ReplaceAll(commas(c.Forward), ",", ";"))
	}
	return b.String() + c.Extra
}

func commas(addrs []netip.Addr) string {
	var out []string
	for _, a := range addrs {
		out = append(out, a.String())
	}
	return strings.Join(out, ",")
}
