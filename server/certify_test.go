package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// freePort is one that UDP and TCP can both have, until somebody takes it.
func freePort(t *testing.T) int {
	t.Helper()
	for range portTries {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).Port
		u, err := net.ListenPacket("udp", l.Addr().String())
		_ = l.Close()
		if err == nil {
			_ = u.Close()
			return port
		}
	}
	t.Fatal("no free port")
	return 0
}

// pebble is the test server of Let's Encrypt, looking names up at our name server.
type pebble struct {
	directory, management, cert string
	stop                        func()
}

func startPebble(t *testing.T, dns string) pebble {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "pebble")
	build := exec.CommandContext(t.Context(), "go", "build", "-C", "../tests/pebble", "-o", binary, "github.com/letsencrypt/pebble/v2/cmd/pebble")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build pebble: %v\n%s", err, out)
	}
	cert, key, _ := write(t, dir, 7)
	at := func() string { return fmt.Sprintf("127.0.0.1:%d", freePort(t)) }
	p := pebble{directory: at(), management: at(), cert: cert}
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": p.directory, "managementListenAddress": p.management, "certificate": cert, "privateKey": key, "httpPort": 1, "tlsPort": 1,
		"retryAfter": map[string]int{"authz": 1, "order": 1},
		"profiles":   map[string]any{"default": map[string]any{"description": "90 days", "validityPeriod": 7776000}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "pebble.json"), config)
	ctx, cancel := context.WithCancel(context.Background())
	run := exec.CommandContext(ctx, binary, "-config", filepath.Join(dir, "pebble.json"), "-dnsserver", dns)
	run.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	var out bytes.Buffer
	run.Stdout, run.Stderr = &out, &out
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	p.stop = func() {
		cancel()
		_ = run.Wait()
		if t.Failed() {
			t.Log(out.String())
		}
	}
	t.Cleanup(p.stop)
	p.directory = "https://" + p.directory + "/dir"
	return p
}

// roots of what it has issued, once it listens.
func (p pebble) roots(t *testing.T) *x509.CertPool {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // made a moment ago, on loopback
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		res, err := client.Get("https://" + p.management + "/roots/0")
		if err == nil {
			defer res.Body.Close()
			var pem bytes.Buffer
			_, _ = pem.ReadFrom(res.Body)
			pool := x509.NewCertPool()
			if !pool.AppendCertsFromPEM(pem.Bytes()) {
				t.Fatalf("no root in %s", &pem)
			}
			return pool
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

// TestACME: an authority issues all names after a look at our own name server; they
// are kept, and shown by the next process without it.
func TestACME(t *testing.T) {
	const zone = "leak.watertight.test"
	port := freePort(t)
	at := fmt.Sprintf("127.0.0.1:%d", port)
	p := startPebble(t, at)
	pool := p.roots(t)
	folder := filepath.Join(t.TempDir(), "acme")
	c, err := parse([]string{
		"--zone", zone, "--dns", at, "--stun=", "--http", "127.0.0.1:0", "--metrics", "127.0.0.1:0",
		"--acme", "you@example.org", "--acme-dir", folder, "--acme-ca", p.directory, "--acme-root", p.cert,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, round := range []string{"issued", "kept"} {
		var stderr said
		s, err := start(c, &stderr)
		if err != nil {
			t.Fatal(err)
		}
		health := "http://" + s.metrics[0].String() + "/health"
		if code, text := read(t, health); round == "issued" && (code != 503 || !strings.Contains(text, "no certificate")) {
			t.Errorf("healthy without a certificate: %d %s", code, text)
		}
		for _, name := range []string{zone, "ip4." + zone, "ip6." + zone, "valid.sig." + zone, "broken.sig." + zone} {
			shows(t, s, name, pool, 45*time.Second)
		}
		if code, text := read(t, health); code != 200 {
			t.Errorf("health: %d %s", code, text)
		}
		if first, err := s.expiry(); err != nil || time.Until(first) < 80*24*time.Hour || time.Until(first) > 100*24*time.Hour {
			t.Errorf("the first ends on %v, %v", first, err)
		}
		if got := strings.Count(stderr.String(), "there is a new certificate for "); got != map[string]int{"issued": 3, "kept": 0}[round] {
			t.Errorf("%s: said %s", round, stderr.String())
		}
		end(t, s)
		p.stop()
	}
	if err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if info, err := d.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others can see %s: %v", path, err)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// shows waits for a certificate that holds a name and comes from the authority.
func shows(t *testing.T, s *server, name string, pool *x509.CertPool, patience time.Duration) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		c, err := tls.Dial("tcp", s.http[0].String(), &tls.Config{ServerName: name, RootCAs: pool, NextProtos: []string{"h2", "http/1.1"}}) //nolint:gosec // Go's minimum
		if err == nil {
			if got := c.ConnectionState().NegotiatedProtocol; got != "h2" {
				t.Errorf("%s speaks %q", name, got)
			}
			_ = c.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: %v", name, err)
		}
	}
}

// TestACMEFlags: what does not go together is said.
func TestACMEFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--acme a@b.c": "--acme-dir",
		"--acme a@b.c --acme-dir d --tls-cert c --tls-key k": "two ways",
		"--acme-ca https://ca.test/dir":                      "need --acme",
	} {
		if _, err := parse(strings.Fields(args), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", args, err)
		}
	}
	t.Setenv("STATE_DIRECTORY", "/var/lib/x")
	c, err := parse(strings.Fields("--acme a@b.c --zone a.test --ip4 192.0.2.1"), nil)
	if err != nil || c.acme.folder != "/var/lib/x/acme" || c.http.String() != "192.0.2.1:443" || c.dns.String() != "192.0.2.1:53" {
		t.Errorf("%+v %v", c, err)
	}
}
