package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/stun/v3"

	"watertight/server/report"
	"watertight/server/sightings"
)

// sample is one line of the exposition format.
var sample = regexp.MustCompile(`^([a-z0-9_]+(?:\{[a-z]+="[A-Za-z0-9./]+"(?:,[a-z]+="[A-Za-z0-9./]+")*\})?) ([0-9.e+-]+)$`)

func read(t *testing.T, url string) (code int, body string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(raw)
}

// traffic is what a check sends, and what mischief does, from addresses that stand out.
func traffic(t *testing.T, s *server) {
	t.Helper()
	from := func(a string) net.IP { return net.ParseIP(a) }
	for _, network := range []string{"udp", "tcp"} {
		var local net.Addr = &net.UDPAddr{IP: from("127.0.0.78")}
		if network == "tcp" {
			local = &net.TCPAddr{IP: from("127.0.0.78")}
		}
		c := &dns.Client{Net: network, Dialer: &net.Dialer{LocalAddr: local}, Timeout: 5 * time.Second}
		for _, name := range []string{"f0." + tok + ".watertight.test.", "x0." + tok + ".watertight.test.", strings.ToUpper(tok) + ".example.org."} {
			q := new(dns.Msg)
			q.SetQuestion(name, dns.TypeA)
			if _, _, err := c.Exchange(q, s.dns[0].String()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, raw := range [][]byte{stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw, []byte("\x00\x01rubbish of a binding")} {
		c, err := net.DialUDP("udp", &net.UDPAddr{IP: from("127.0.0.79")}, net.UDPAddrFromAddrPort(s.stun[0]))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = c.Write(raw)
		_ = c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		_, _ = c.Read(make([]byte, 100))
		_ = c.Close()
	}
	web := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: from("127.0.0.77")}}).DialContext}}
	for _, path := range []string{"/v1/exit", "/v1/sightings/" + tok, "/v1/sightings/" + tok + "x", "/v1/networks?address=127.0.0.77", "/" + tok, "/v1/exit?" + tok} {
		res, err := web.Get("http://" + s.http[0].String() + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	// What is no HTTP, from that address: net/http wants to log some of it.
	c, err := net.DialTCP("tcp", &net.TCPAddr{IP: from("127.0.0.77")}, net.TCPAddrFromAddrPort(s.http[0]))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "GET /v1/sightings/%s HTTP/9\r\n\r\n", tok)
	_, _ = io.Copy(io.Discard, c)
	_ = c.Close()
}

// TestMetrics: numbers, and nothing of whom they are about: not in a metric, not in
// health, not on any output.
func TestMetrics(t *testing.T) {
	c, err := parse([]string{"--dns", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--http", "127.0.0.1:0", "--metrics", "127.0.0.1:0"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	s, err := start(c, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	traffic(t, s)
	at := "http://" + s.metrics[0].String()
	code, text := read(t, at+"/metrics")
	values := make(map[string]string)
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "# ") {
			continue
		}
		m := sample.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("line %q", line)
		}
		values[m[1]] = m[2]
	}
	for name, want := range map[string]string{
		`watertight_dns_queries_total{transport="udp"}`:                  "3",
		`watertight_dns_answers_total{transport="udp",rcode="NXDOMAIN"}`: "1",
		`watertight_dns_answers_total{transport="udp",rcode="SERVFAIL"}`: "1",
		`watertight_dns_answers_total{transport="tcp",rcode="REFUSED"}`:  "1",
		`watertight_dns_answers_total{transport="tcp",rcode="other"}`:    "0",
		`watertight_stun_requests_total`:                                 "2",
		`watertight_stun_answers_total`:                                  "1",
		`watertight_http_requests_total{route="exit",code="2xx"}`:        "2",
		`watertight_http_requests_total{route="sightings",code="2xx"}`:   "1",
		`watertight_http_requests_total{route="sightings",code="4xx"}`:   "1",
		`watertight_http_requests_total{route="other",code="4xx"}`:       "1",
		`watertight_http_versions_total{version="http/1.1"}`:             "6",
		`watertight_http_versions_total{version="h2"}`:                   "0",
		`watertight_tokens`:       "1",
		`watertight_streams`:      "0",
		`watertight_panics_total`: "0",
	} {
		if values[name] != want {
			t.Errorf("%s is %q, want %s", name, values[name], want)
		}
	}
	healthy, health := read(t, at+"/health")
	if code != 200 || healthy != 200 || health != "ok\n" {
		t.Errorf("metrics %d, health %d %q", code, healthy, health)
	}
	if code, _ := read(t, at+"/v1/exit"); code != 404 {
		t.Errorf("the operator's listener serves the API: %d", code)
	}
	if code, _ := read(t, "http://"+s.http[0].String()+"/metrics"); code != 404 {
		t.Errorf("the API serves metrics: %d", code)
	}
	end(t, s)
	for where, what := range map[string]string{"metrics": text, "health": health, "the errors": stderr.String(), "the output": s.describe()} {
		for _, secret := range []string{"127.0.0.7", "7f00004", strings.ToLower(tok[:8])} {
			if strings.Contains(strings.ToLower(what), secret) {
				t.Errorf("%q in %s:\n%s", secret, where, what)
			}
		}
	}
	if stderr.Len() > 0 {
		t.Errorf("said %s", &stderr)
	}
}

// TestHealth: what does not work is told.
func TestHealth(t *testing.T) {
	s := begin(t, "--metrics", "127.0.0.1:0")
	at := "http://" + s.metrics[0].String() + "/health"
	s.ending.Store(true)
	if code, text := read(t, at); code != 503 || !strings.Contains(text, "going down") {
		t.Errorf("%d %s", code, text)
	}
	s.ending.Store(false)
	for _, c := range s.closers {
		_ = c.Close()
	}
	s.closers = nil
	if code, text := read(t, at); code != 503 || text != "DNS does not answer\n" {
		t.Errorf("%d %s", code, text)
	}
	end(t, s)
}

// TestNodeHealth: a node whose last report did not go through says so, and is well again
// once the next one would: also when there is nothing to report.
func TestNodeHealth(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	away.Store(true)
	file := filepath.Join(t.TempDir(), "keys")
	var out bytes.Buffer
	if err := addReportKey(file, &out); err != nil {
		t.Fatal(err)
	}
	keys, err := openReportKeys(file, "report-keys")
	if err != nil {
		t.Fatal(err)
	}
	h := report.NewHandler(report.NewReceiver(sightings.New(sightings.Options{}), nil), keys.get)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !away.Load() {
			h.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusUnauthorized) // so that the record is given up at once
		_, _ = io.WriteString(w, `{"error":{"code":"unknown-key"}}`)
	}))
	defer api.Close()
	c, err := parse([]string{"--dns", "127.0.0.1:0", "--stun=", "--turn=", "--metrics", "127.0.0.1:0", "--api", "127.0.0.1", "--report", api.URL, "--report-key", file}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	s, err := start(c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, s)
	becomes := func(wantCode int, want string) {
		t.Helper()
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			code, text := read(t, "http://"+s.metrics[0].String()+"/health")
			if code == wantCode && text == want {
				return
			}
			if time.Now().After(end) {
				t.Fatalf("%d %q, want %d %q", code, text, wantCode, want)
			}
		}
	}
	becomes(200, "ok\n")
	resolve(t, "udp", s.dns[0].String(), "f0."+tok+".watertight.test.", dns.TypeA)
	becomes(503, "the last report did not go through\n")
	away.Store(false)
	becomes(200, "ok\n")
	if c := s.box.Counts(); c.Refused != 1 || c.Accepted != 0 {
		t.Errorf("%+v", c)
	}
}
