package companion

import (
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func TestNetworks(t *testing.T) {
	got := Networks(scenario.BaseOperators())
	for _, want := range []string{
		"198.51.100.0/24,64500,Example ISP,DE,access\n", "2001:db8:200::/48,64510,Example VPN,SE,vpn\n", "203.0.113.128/25,64520,Example Proxy,NL,hosting\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	if got != Networks(scenario.BaseOperators()) {
		t.Error("the order changes")
	}
}

func TestArgs(t *testing.T) {
	got := strings.Join(Args("server", "file"), " ")
	want := "server --zone watertight.test --ip4 203.0.113.53 --ip6 2001:db8:53::53 --dns 203.0.113.53:53,[2001:db8:53::53]:53 --stun 203.0.113.53:3478,[2001:db8:53::53]:3478 --http 203.0.113.53:80,[2001:db8:53::53]:80 --networks file"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
