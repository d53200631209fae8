package resolver

import (
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"watertight/lab/ca"
	"watertight/lab/scenario"
)

// full is a configuration that sets everything a kind may know.
func full(dir string) Config {
	return Config{Name: "n", Dir: dir, Listen: []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}, IPv6: true,
		Zone: []netip.Addr{scenario.Companion, scenario.Companion6}, ECS: true, Extra: "#mine\n"}
}

func TestEveryKindIsKnown(t *testing.T) {
	for _, name := range scenario.ResolverKind("").Allowed() {
		kind, ok := programs[scenario.ResolverKind(name)]
		if !ok {
			t.Fatalf("%s is in the format and not in the lab", name)
		}
		c := full(t.TempDir())
		text := kind.render(c)
		if !strings.Contains(text, "#mine") && name != "knot" || len(kind.args(c, "/f")) == 0 {
			t.Errorf("%s: %s", name, text)
		}
		c.Forward = []netip.Addr{netip.MustParseAddr("198.51.100.53")}
		forwards := kind.render(c)
		if !strings.Contains(forwards, "198.51.100.53") || strings.Contains(text, "198.51.100.53") {
			t.Errorf("%s does not forward:\n%s", name, forwards)
		}
	}
}

func TestWhatOnlySomeKindsDo(t *testing.T) {
	c := full(t.TempDir())
	c.DoH = &ca.Files{Cert: "/cert", Key: "/key"}
	c.DNS64 = netip.MustParsePrefix("2001:db8:100:64::/96")
	for text, wants := range map[string][]string{
		unbound(c): {"interface: 127.0.0.1@443", `tls-service-pem: "/cert"`, "dns64-prefix: 2001:db8:100:64::/96", "send-client-subnet: 203.0.113.53", `"dns64 subnetcache iterator"`},
		bind(c):    {"dns64 2001:db8:100:64::/96", "query-source-v6 address ::1"},
		pdns(c):    {"edns-subnet-allow-list=watertight.test", "local-address=127.0.0.1,::1"},
		dnsmasq(c): {"add-subnet=24,56", "server=/watertight.test/2001:db8:53::53"},
		knot(c):    {"policy.PASS", "net.outgoing_v6('::1')"},
	} {
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("no %q in:\n%s", want, text)
			}
		}
	}
}

// The programs themselves must accept their files, where they are installed.
func TestProgramsAccept(t *testing.T) {
	for _, c := range []struct {
		program string
		render  func(Config) string
		args    func(file string) []string
	}{
		{"named-checkconf", bind, func(f string) []string { return []string{f} }},
		{"dnsmasq", dnsmasq, func(f string) []string { return []string{"--test", "-C", f} }},
	} {
		if _, err := exec.LookPath(c.program); err != nil {
			t.Fatalf("%s is not installed; ./build.sh test installs it", c.program)
		}
		config := full(t.TempDir())
		file := filepath.Join(config.Dir, "recursor.conf")
		if err := os.WriteFile(file, []byte(c.render(config)), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(c.program, c.args(file)...).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", c.program, err, out)
		}
	}
}
