package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDefaults(t *testing.T) {
	c, err := parse(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.zone, " ", c.ip4, " ", c.ip6, " ", c.dns.String(), " ", c.stun.String(), " ", c.turn.String(), " ", c.http.String(), " ", c.families())
	want := "watertight.test 127.0.0.1 ::1 127.0.0.1:8054 127.0.0.1:3478,[::1]:3478 127.0.0.1:3479,[::1]:3479 127.0.0.1:8053,[::1]:8053 [4 6]"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, list := range []listeners{c.dns, c.stun, c.turn, c.http, c.metrics} {
		for _, l := range list {
			if !l.Addr().IsLoopback() {
				t.Errorf("without flags it listens on %v", l)
			}
		}
	}
}

func TestFlags(t *testing.T) {
	for _, test := range []struct{ args, want string }{
		{"--zone Leak.Example.COM.", "leak.example.com 127.0.0.1 ::1"},
		{"--ip4 192.0.2.1", "watertight.test 192.0.2.1 invalid IP"},
		{"--ip6 2001:db8::1", "watertight.test invalid IP 2001:db8::1"},
		{"--ip4 192.0.2.1 --ip6 2001:db8::1", "watertight.test 192.0.2.1 2001:db8::1"},
		{"--ip4 192.0.2.1 --ip6=", "watertight.test 192.0.2.1 invalid IP"},
		{"-ip4=192.0.2.1 -zone=a", "a 192.0.2.1 invalid IP"},
	} {
		c, err := parse(strings.Fields(test.args), nil)
		if got := fmt.Sprint(c.zone, " ", c.ip4, " ", c.ip6); err != nil || got != test.want {
			t.Errorf("%s: %s, %v", test.args, got, err)
		}
	}
	c, err := parse([]string{"--dns", "192.0.2.1:53, [2001:db8::1]:53,:5353", "--stun="}, nil)
	if err != nil || c.dns.String() != "192.0.2.1:53,[2001:db8::1]:53,:5353" || len(c.stun) != 0 || c.dns[2].Addr().IsValid() {
		t.Errorf("%v %v, %v", c.dns, c.stun, err)
	}
}

// TestNode: what is elsewhere and what is here.
func TestNode(t *testing.T) {
	c, err := parse(strings.Fields("--report https://leak.test/ --report-key f --zone leak.test --ip4 192.0.2.1 --api 203.0.113.1,2001:db8::1 --ns 192.0.2.1 --ns 192.0.2.2 --ns 192.0.2.3"), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(c.dns.String(), " ", c.stun.String(), " ", c.turn.String(), " ", len(c.http), " ", c.web(), c.families(), c.servers())
	if want := "192.0.2.1:53 192.0.2.1:3478 192.0.2.1:3479 0 [203.0.113.1 2001:db8::1] [4 6] [[192.0.2.1] [192.0.2.2] [192.0.2.3]]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, args := range []string{"--report http://127.0.0.1:8053 --report-key f --api ::1", "--report http://192.0.2.1 --report-plain --report-key f --api ::1", "--report https://leak.test --report-key f --api ::1 --http="} {
		if _, err := parse(strings.Fields(args), nil); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

// TestTurnFlag: without the flag it stands beside STUN, as the extension expects.
func TestTurnFlag(t *testing.T) {
	for args, want := range map[string]string{
		"--stun 192.0.2.1:3478,:1":          "192.0.2.1:3479,:2",
		"--stun 127.0.0.1:0,[::1]:65535":    "127.0.0.1:0,[::1]:65535",
		"--stun=":                           "",
		"--stun 192.0.2.1:3478 --turn=":     "",
		"--turn :443 --stun 192.0.2.1:3478": ":443",
	} {
		if c, err := parse(strings.Fields(args), nil); err != nil || c.turn.String() != want {
			t.Errorf("%s: %v, %v", args, c.turn.String(), err)
		}
	}
}

// TestBadFlags: each message names the flag, what was given and what is wanted.
func TestBadFlags(t *testing.T) {
	for args, want := range map[string][]string{
		"--zone _a.test":                      {"-zone", `"_a.test"`, `character '_'`},
		"--zone " + strings.Repeat("a.", 120): {"-zone", "1 to 219 characters"},
		"--zone=":                             {"-zone", "characters"},
		"--ip4 ::1":                           {"-ip4", `"::1"`, "want an IPv4 address"},
		"--ip4 0.0.0.0":                       {"-ip4", "want an IPv4 address"},
		"--ip4 localhost":                     {"-ip4", `"localhost"`, "192.0.2.1"},
		"--ip6 192.0.2.1":                     {"-ip6", "want an IPv6 address"},
		"--ip6 ::ffff:192.0.2.1":              {"-ip6", "want an IPv6 address"},
		"--ip6 fe80::1%eth0":                  {"-ip6", "want an IPv6 address"},
		"--ip4= --ip6=":                       {"-ip4", "-ip6", "no address to publish"},
		"--dns 192.0.2.1":                     {"-dns", `"192.0.2.1"`, "want HOST:PORT"},
		"--dns 127.0.0.1:53,127.0.0.1:53":     {"-dns", "given twice"},
		"--stun localhost:3478":               {"-stun", `"localhost:3478"`, "numeric"},
		"--http 127.0.0.1:65536":              {"-http", "want HOST:PORT"},
		"--http ::1:80":                       {"-http", "[::1]:8053"},
		"--http 127.0.0.1:80,":                {"-http", `""`},
		"--http=":                             {"--http is empty"},
		"--caa letsencrypt":                   {"-caa", `issuer "letsencrypt"`},
		"--txt \u00fc":                        {"-txt", "character"},
		"--tls-cert c.pem":                    {"--tls-cert and --tls-key"},
		"--report http://192.0.2.1 --report-key f --api 192.0.2.1":                     {"-report", "want https://", "--report-plain"},
		"--report leak.test --report-key f --api 192.0.2.1":                            {"-report", `"leak.test"`, "https://leak.example.org"},
		"--report https://leak.test/v1/report --report-key f --api 192.0.2.1":          {"-report", "want the API"},
		"--report https://leak.test --api 192.0.2.1":                                   {"--report needs --report-key"},
		"--report https://leak.test --report-key f":                                    {"--report needs --api"},
		"--report https://leak.test --report-key f --api 1.1.1.1 --http :80":           {"--report and --http"},
		"--report https://leak.test --report-key f --api 1.1.1.1 --report-keys f":      {"--report and --report-keys"},
		"--report https://leak.test --report-key f --api ::1 --tls-cert c --tls-key k": {"--report goes without"},
		"--report-key f":                {"need --report"},
		"--api 192.0.2.1,192.0.2.2":     {"-api", "one of each"},
		"--api here":                    {"-api", "want addresses"},
		"--ns 127.0.0.1,::1":            {"--ns", "two to eight times"},
		"--ns 127.0.0.1 --ns 127.0.0.2": {"-ns", "each family"},
		"--ns ::1,127.0.0.1 --ns ::1,127.0.0.2 --acme a@b.c --acme-dir d": {"--acme", "give --tls-cert"},
		"--what": {"-what"},
		"serve":  {`"serve"`, "flags only"},
	} {
		_, err := parse(strings.Fields(args), nil)
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %q in it", args, err, w)
			}
		}
	}
}

func TestRun(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "networks.csv")
	if err := os.WriteFile(bad, []byte("192.0.2.0/24,1,Org,SE\n192.0.2.1/24,1,Org,SE\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args   []string
		code   int
		stdout string
		stderr string
	}{
		{[]string{"--help"}, exitOK, "usage: watertight-server", ""},
		{[]string{"--help"}, exitOK, "-networks file", ""},
		{[]string{"--version"}, exitOK, "watertight-server ", ""},
		{[]string{"--what"}, exitUsage, "", "watertight-server: flag provided but not defined: -what\n"},
		{[]string{"--networks", "/does/not/exist"}, exitFailed, "", "flag -networks: open /does/not/exist: no such file"},
		{[]string{"--networks", bad}, exitFailed, "", "line 2: prefix: \"192.0.2.1/24\": address has bits outside the prefix: want 192.0.2.0/24"},
		{[]string{"--http", "127.0.0.1:0", "--dns", "192.0.2.1:0", "--stun="}, exitFailed, "", "flag -dns: 192.0.2.1:0: listen"},
		{[]string{"--http", "192.0.2.1:0", "--dns=", "--stun="}, exitFailed, "", "flag -http: 192.0.2.1:0: listen"},
		{[]string{"--http", "127.0.0.1:0", "--dns=", "--stun", "192.0.2.1:0"}, exitFailed, "", "flag -stun: 192.0.2.1:0: listen"},
		{[]string{"--http", "127.0.0.1:0", "--dns=", "--stun=", "--turn", "192.0.2.1:0"}, exitFailed, "", "flag -turn: 192.0.2.1:0: listen"},
		{[]string{"--http", "127.0.0.1:0", "--dns=", "--stun=", "--tls-cert", bad, "--tls-key", bad}, exitFailed, "", "flags -tls-cert and -tls-key: read certificate"},
	} {
		var stdout, stderr bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		cancel() // should it start after all, it ends at once
		code := run(ctx, test.args, &stdout, &stderr)
		if code != test.code || !strings.Contains(stdout.String(), test.stdout) || !strings.Contains(stderr.String(), test.stderr) {
			t.Errorf("%v: %d\n%s\n%s", test.args, code, &stdout, &stderr)
		}
		if test.code == exitOK && stderr.Len() > 0 || test.code != exitOK && (stdout.Len() > 0 || strings.Count(stderr.String(), "\n") != 1) {
			t.Errorf("%v: stdout %q, stderr %q", test.args, &stdout, &stderr)
		}
	}
}
