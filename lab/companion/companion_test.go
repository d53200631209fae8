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

// TestSecureArgs: those that come later win, so nothing is left of plain HTTP.
func TestSecureArgs(t *testing.T) {
	got := strings.Join(SecureArgs("/root.pem"), " ")
	for _, want := range []string{"--http 203.0.113.53:443,[2001:db8:53::53]:443", "--acme-ca https://203.0.113.60:14000/dir", "--acme-root /root.pem"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Contains(got, ":80") {
		t.Error("plain HTTP:", got)
	}
}

func TestVersions(t *testing.T) {
	got := versions([]byte("# TYPE watertight_http_versions_total counter\nwatertight_http_versions_total{version=\"http/1.1\"} 0\nwatertight_http_versions_total{version=\"h2\"} 12\nother 3\n"))
	if len(got) != 1 || got["h2"] != 12 {
		t.Error(got)
	}
}
