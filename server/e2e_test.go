package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/stun/v3"
)

const tok = "abcdefghijklmnopqrstuv2345"

// begin starts the real server on free ports of loopback.
func begin(t *testing.T, more ...string) *server {
	t.Helper()
	return beginWith(t, func(*config) {}, more...)
}

// beginWith changes what the flags say.
func beginWith(t *testing.T, change func(*config), more ...string) *server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "networks.csv")
	if err := os.WriteFile(file, []byte("127.0.0.0/8,64500,Example ISP,SE,access\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"--dns", "127.0.0.1:0,127.0.0.2:0", "--stun", "127.0.0.1:0", "--http", "127.0.0.1:0", "--networks", file}, more...)
	c, err := parse(args, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	change(&c)
	var stderr bytes.Buffer
	s, err := start(c, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if stderr.Len() > 0 {
			t.Errorf("printed %s", &stderr)
		}
	})
	return s
}

func end(t *testing.T, s *server) {
	t.Helper()
	start := time.Now()
	if err := s.stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if d := time.Since(start); d > stopTime/2 {
		t.Errorf("stopping took %v", d)
	}
}

func resolve(t *testing.T, network, server, name string, typ uint16) *dns.Msg {
	t.Helper()
	c := &dns.Client{Net: network, Timeout: 5 * time.Second}
	q := new(dns.Msg)
	q.SetQuestion(name, typ)
	q.SetEdns0(1400, true)
	m, _, err := c.Exchange(q, server)
	if err != nil {
		t.Fatalf("%s %s %s: %v", network, server, name, err)
	}
	return m
}

// seen is what this test reads of a sighting.
type seen struct {
	Label, Vector, Resolver, Transport string
	Family                             int
	QTypes                             []string
	EDNS                               *struct{ Size int }
	Network                            *struct{ ASN uint32 }
}

// follow opens a stream and hands out its sightings until it ends.
func follow(t *testing.T, s *server) <-chan seen {
	t.Helper()
	r, _ := http.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("http://%s/v1/sightings/%s", s.http[0], tok), nil)
	r.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(res.Body)
	if !in.Scan() || in.Text() != "event: open" {
		t.Fatalf("first line %q", in.Text())
	}
	out := make(chan seen, 100)
	go func() {
		defer res.Body.Close()
		defer close(out)
		for in.Scan() {
			data, ok := strings.CutPrefix(in.Text(), "data: ")
			var x seen
			if ok && json.Unmarshal([]byte(data), &x) == nil && x.Resolver != "" {
				out <- x
			}
		}
	}()
	return out
}

func next(t *testing.T, in <-chan seen) seen {
	t.Helper()
	select {
	case x := <-in:
		return x
	case <-time.After(5 * time.Second):
		t.Fatal("no sighting came")
		return seen{}
	}
}

// TestCheck goes the way of one check: stream, DNS over both transports on every
// address, STUN on both ports, exit, end.
func TestCheck(t *testing.T) {
	s := begin(t)
	in := follow(t, s)
	for _, at := range s.dns {
		for _, network := range []string{"udp", "tcp"} {
			name := map[string]string{"udp": "f0.", "tcp": "r1."}[network] + tok + ".watertight.test."
			if m := resolve(t, network, at.String(), name, dns.TypeAAAA); m.Rcode != dns.RcodeNameError || len(m.Ns) != 1 || !m.Authoritative {
				t.Errorf("%s: %v", network, m)
			}
			if m := resolve(t, network, at.String(), "stun.watertight.test.", dns.TypeA); len(m.Answer) != 1 {
				t.Errorf("%s: %v", network, m)
			}
		}
	}
	if x := next(t, in); x.Label != "f0" || x.Vector != "f" || x.Resolver != "127.0.0.1" || x.Family != 4 || x.Transport != "udp" ||
		fmt.Sprint(x.QTypes) != "[AAAA]" || x.EDNS == nil || x.EDNS.Size != 1400 || x.Network == nil || x.Network.ASN != 64500 {
		t.Errorf("sighting %+v", x)
	}
	if x := next(t, in); x.Label != "r1" || x.Transport != "tcp" {
		t.Errorf("sighting %+v", x)
	}
	// The browser's resolver retries a truncated answer over TCP by itself.
	m := resolve(t, "udp", s.dns[0].String(), "t0."+tok+".watertight.test.", dns.TypeA)
	if !m.Truncated {
		t.Errorf("%v", m)
	}
	if x := next(t, in); x.Label != "t0" || x.Transport != "udp" {
		t.Errorf("sighting %+v", x)
	}
	for _, at := range append([]netip.AddrPort{s.stun[0]}, s.dns...) {
		bind(t, at)
	}
	exit(t, http.DefaultClient, "http")(s)

	done := make(chan struct{})
	go func() {
		defer close(done)
		for range in { // until the server ends the stream
		}
	}()
	end(t, s)
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Error("the stream outlives the server")
	}
	if c, err := net.Dial("tcp", s.http[0].String()); err == nil {
		_ = c.Close()
		t.Error("HTTP is still open")
	}
	if c, err := net.ListenPacket("udp", s.dns[0].String()); err != nil {
		t.Errorf("the DNS port is not free: %v", err)
	} else {
		_ = c.Close()
	}
}

// bind asks by STUN, with pion as the client, and then by DNS from the same
// socket: both are answered wherever DNS is.
func bind(t *testing.T, at netip.AddrPort) {
	t.Helper()
	c, err := net.Dial("udp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	client, err := stun.NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var told stun.XORMappedAddress
	q := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.Fingerprint)
	err = client.Do(q, func(e stun.Event) {
		if e.Error != nil {
			t.Errorf("%s: %v", at, e.Error)
			return
		}
		if err := told.GetFrom(e.Message); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	})
	if err != nil || told.String() != c.LocalAddr().String() {
		t.Errorf("%s: told %s, is %s, %v", at, told, c.LocalAddr(), err)
	}
}

func exit(t *testing.T, client *http.Client, scheme string) func(*server) {
	return func(s *server) {
		t.Helper()
		res, err := client.Get(fmt.Sprintf("%s://%s/v1/exit", scheme, s.http[0]))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var x struct {
			Address string
			Network struct{ Org string }
		}
		if err := json.NewDecoder(res.Body).Decode(&x); err != nil || x.Address != "127.0.0.1" || x.Network.Org != "Example ISP" {
			t.Errorf("%s: %+v, %v", scheme, x, err)
		}
	}
}

// TestSignal runs the command itself and ends it as the system would.
func TestSignal(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int)
	go func() {
		code <- run(ctx, []string{"--dns", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--http", "127.0.0.1:0"}, in, &stderr)
	}()
	lines := bufio.NewScanner(out)
	for _, want := range []string{"zone watertight.test", "dns 127.0.0.1:", "stun 127.0.0.1:", "turn 127.0.0.1:", "http 127.0.0.1:"} {
		if !lines.Scan() || !strings.HasPrefix(lines.Text(), want) {
			t.Fatalf("line %q, want %q", lines.Text(), want)
		}
	}
	res, err := http.Get("http://" + strings.TrimPrefix(lines.Text(), "http ") + "/v1/about")
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("about: %v %v", res, err)
	}
	_ = res.Body.Close()
	cancel()
	if c := <-code; c != exitOK || stderr.Len() > 0 {
		t.Errorf("exit code %d, %s", c, &stderr)
	}
}

// TestLargeHeaders: a header has a limit, so that nobody fills our memory.
func TestLargeHeaders(t *testing.T) {
	s := begin(t)
	defer end(t, s)
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://"+s.http[0].String()+"/v1/exit", nil)
	r.Header.Set("X-Large", strings.Repeat("x", 2*headerBytes))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %s", res.Status)
	}
}
