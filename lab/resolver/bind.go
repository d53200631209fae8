package resolver

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"watertight/lab/root"
	"watertight/lab/scenario"
)

func bindArgs(_ Config, file string) []string { return []string{"named", "-g", "-n", "1", "-c", file} }

// bind is BIND with its defaults: it minimises names, sets DO and sends cookies.
func bind(c Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "options {\n  directory %q;\n  pid-file none;\n  session-keyfile none;\n", c.Dir)
	b.WriteString("  dnssec-validation no;\n  recursion yes;\n  allow-query { any; };\n  allow-recursion { any; };\n  empty-zones-enable no;\n")
	v4, v6 := families(c.Listen)
	fmt.Fprintf(&b, "  listen-on { %s};\n  listen-on-v6 { %s};\n", semicolons(v4), semicolons(v6))
	if len(v4) > 0 {
		fmt.Fprintf(&b, "  query-source address %s;\n", v4[0])
	}
	if len(v6) > 0 {
		fmt.Fprintf(&b, "  query-source-v6 address %s;\n", v6[0])
	}
	if c.DNS64.IsValid() {
		fmt.Fprintf(&b, "  dns64 %s { clients { any; }; };\n", c.DNS64)
	}
	b.WriteString(indent(c.Extra) + "};\ncontrols { };\n")
	fmt.Fprintf(&b, "zone \".\" { type hint; file %q; };\n", writeHints(c))
	if len(c.Forward) > 0 {
		fmt.Fprintf(&b, "zone %q { type forward; forward only; forwarders { %s}; };\n", scenario.Zone, semicolons(c.Forward))
	}
	return b.String()
}

func semicolons(addrs []netip.Addr) string {
	var b strings.Builder
	for _, a := range addrs {
		b.WriteString(a.String() + "; ")
	}
	return b.String()
}

func families(addrs []netip.Addr) (v4, v6 []netip.Addr) {
	for _, a := range addrs {
		if a.Is4() {
			v4 = append(v4, a)
		} else {
			v6 = append(v6, a)
		}
	}
	return v4, v6
}

// writeHints puts the root hints beside the configuration. A failure shows
// when the program misses them.
func writeHints(c Config) string {
	file := filepath.Join(c.Dir, "root.hints")
	_ = os.WriteFile(file, []byte(root.Hints(c.IPv6)), 0o600)
	return file
}
