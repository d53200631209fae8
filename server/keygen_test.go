package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/report"
)

func TestKeygen(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sig.pem")
	command := func(args ...string) (int, string) {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"keygen"}, args...), &stdout, &stderr)
		return code, stdout.String() + stderr.String()
	}
	code, first := command("--zone", "Leak.Example.ORG.", "--dnssec-key", file)
	lines := strings.Split(first, "\n")
	if code != exitOK || len(lines) != 3 || !strings.HasPrefix(lines[0], "sig.leak.example.org. 3600 IN DNSKEY 257 3 13 ") || !strings.HasPrefix(lines[1], "sig.leak.example.org. 3600 IN DS ") {
		t.Fatalf("%d %s", code, first)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, again := command("--zone", "leak.example.org", "--dnssec-key", file); again != first {
		t.Errorf("the second time: %s", again)
	}
	bad := filepath.Join(t.TempDir(), "bad.pem")
	if err := os.WriteFile(bad, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args, want string
		code       int
	}{
		{"", "keygen needs --dnssec-key FILE", exitUsage},
		{"--what", "-what", exitUsage},
		{"--zone a_b --dnssec-key " + file, "flag -zone", exitUsage},
		{"--dnssec-key " + file + " more", `"more"`, exitUsage},
		{"--dnssec-key " + bad, bad + ": want one PEM block", exitFailed},
		{"--dnssec-key /does/not/exist/key", "/does/not/exist/key", exitFailed},
		{"--help", "usage: watertight-server keygen", exitOK},
	} {
		if code, out := command(strings.Fields(test.args)...); code != test.code || !strings.Contains(out, test.want) || strings.Contains(out, "secret") {
			t.Errorf("%s: %d %s", test.args, code, out)
		}
	}

	c, _ := parse([]string{"--zone", "leak.example.org", "--dnssec-key", file, "--dns", "127.0.0.1:0", "--stun=", "--http", "127.0.0.1:0"}, io.Discard)
	s, err := start(c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, s)
	if !strings.HasSuffix(s.describe(), "ds "+lines[1]+"\n") {
		t.Errorf("%s", s.describe())
	}
	m := resolve(t, "udp", s.dns[0].String(), "sig.leak.example.org.", dns.TypeDNSKEY)
	if oneLine(m.Answer[0]) != lines[0] {
		t.Errorf("%v, want %s", m.Answer, lines[0])
	}
	c.dnssecKey = bad
	if _, err := start(c, io.Discard); err == nil || !strings.Contains(err.Error(), "flag -dnssec-key: "+bad) {
		t.Errorf("%v", err)
	}
}

// TestReportKeys: each call adds a key, the last of which signs; nobody else can read them.
func TestReportKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	var ids []string
	for range 3 {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"keygen", "--report-key", file}, &stdout, &stderr); code != exitOK {
			t.Fatal(stderr.String())
		}
		ids = append(ids, strings.TrimSpace(strings.TrimPrefix(stdout.String(), "key ")))
	}
	k, err := openReportKeys(file, "report-keys")
	if err != nil {
		t.Fatal(err)
	}
	if got := k.get(); len(got) != 3 || got.Signer().String() != ids[2] || got[0].String() != ids[0] {
		t.Errorf("%v, told %v", got, ids)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if k.changed() {
		t.Error("changed, though nobody wrote")
	}
	put(t, file, []byte("half a line"))
	var stderr bytes.Buffer
	if !k.changed() {
		t.Error("not seen")
	}
	if k.again(&stderr); !strings.Contains(stderr.String(), "the old keys stay: flag -report-keys: "+file+": line 1: want an id") || len(k.get()) != 3 {
		t.Errorf("%s %v", &stderr, k.get())
	}
	if code := run(t.Context(), []string{"keygen", "--report-key", file}, &stderr, &stderr); code != exitFailed {
		t.Error("a key was added to what is no file of keys")
	}
}

// TestReportKeysKept: whatever a file was like before, what keygen leaves is a file of keys,
// with all that were in it.
func TestReportKeysKept(t *testing.T) {
	line := func(n byte) string { return report.NewKey([report.SecretSize]byte{n}).Line() }
	full := ""
	for n := range byte(16) {
		full += line(n)
	}
	for name, test := range map[string]struct {
		text string
		keys int // afterwards; 0 is a refusal
	}{
		"no last newline":  {strings.TrimSuffix(line(1)+line(2), "\n"), 3},
		"empty":            {"", 1},
		"a remark":         {"# of the nodes", 1},
		"fifteen":          {strings.TrimSuffix(full, line(15)), 16},
		"sixteen":          {full, 0},
		"another's format": {"-----BEGIN PRIVATE KEY-----\n", 0},
	} {
		file := filepath.Join(t.TempDir(), "keys")
		put(t, file, []byte(test.text))
		var out bytes.Buffer
		code := run(t.Context(), []string{"keygen", "--report-key", file}, &out, &out)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if test.keys == 0 {
			if code != exitFailed || string(raw) != test.text {
				t.Errorf("%s: %d %s", name, code, &out)
			}
			continue
		}
		k, err := openReportKeys(file, "report-keys")
		if code != exitOK || err != nil || len(k.get()) != test.keys || !strings.HasPrefix(string(raw), test.text) || "key "+k.get().Signer().String()+"\n" != out.String() {
			t.Errorf("%s: %d %s, %v", name, code, &out, err)
		}
	}
}
