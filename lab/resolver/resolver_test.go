package resolver

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watertight/lab/network"
	"watertight/lab/scenario"
)

func config(t *testing.T, extra, name string) Config {
	t.Helper()
	s, err := scenario.Parse("t.yaml", []byte("title: t\nwhy: w\nexpect: {outcome: clear}\n"+extra))
	if err != nil {
		t.Fatal(err)
	}
	return configOf(network.New(s), name)
}

func TestUnbound(t *testing.T) {
	text := unbound(config(t, "isp: {ipv6: native}\nresolvers: {isp: {config: \"harden-glue: no\\nval-permissive-mode: yes\"}}\n", "isp"))
	for _, want := range []string{
		"interface: 198.51.100.53\n", "outgoing-interface: 2001:db8:100::53\n", "do-ip6: yes\n",
		"  harden-glue: no\n  val-permissive-mode: yes\n", "local-zone: \".\" static\n",
		"stub-addr: 203.0.113.53\n", "stub-addr: 2001:db8:53::53\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in:\n%s", want, text)
		}
	}
}

func TestUnboundForwards(t *testing.T) {
	text := unbound(config(t, "vpn:\nresolvers: {vpn: {forward: isp}}\n", "vpn"))
	if !strings.Contains(text, "forward-addr: 198.51.100.53\n") || strings.Contains(text, "stub-zone") || !strings.Contains(text, "do-ip6: no") {
		t.Error(text)
	}
}

// The program itself must accept the file.
func TestUnboundAccepts(t *testing.T) {
	check, err := exec.LookPath("unbound-checkconf")
	if err != nil {
		t.Fatal("unbound-checkconf is not installed; ./build.sh test installs it")
	}
	for _, c := range []Config{
		{Listen: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, Zone: []netip.Addr{scenario.Companion}},
		{Listen: []netip.Addr{netip.MustParseAddr("::1")}, IPv6: true, Forward: []netip.Addr{scenario.Companion6}},
	} {
		file := filepath.Join(t.TempDir(), "unbound.conf")
		if err := os.WriteFile(file, []byte(unbound(c)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(check, file).CombinedOutput(); err != nil {
			t.Errorf("%v: %s\n%s", err, out, unbound(c))
		}
	}
}
