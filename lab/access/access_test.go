package access

import (
	"net/netip"
	"strings"
	"testing"
)

func TestConfigs(t *testing.T) {
	if c := TaygaConfig("/d"); !strings.Contains(c, "prefix 2001:db8:100:64::/96\n") || !strings.Contains(c, "ipv4-addr 100.64.64.1\n") || !strings.Contains(c, "data-dir /d\n") {
		t.Error(c)
	}
	c := RadvdConfig([]netip.Addr{netip.MustParseAddr("198.51.100.53"), netip.MustParseAddr("2001:db8:100::53")})
	if strings.Count(c, "RDNSS ") != 1 || !strings.Contains(c, "RDNSS 2001:db8:100::53 {") {
		t.Error(c)
	}
}
