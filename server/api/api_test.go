package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"watertight/server/asn"
	"watertight/server/sightings"
)

const tok = "abcdefghijklmnopqrstuv2345"

func handler(t testing.TB) (*Handler, chan struct{}) {
	t.Helper()
	networks := asn.Empty()
	if err := networks.AddFile("test", strings.NewReader("192.0.2.0/24,64510,Example VPN,SE\n198.51.100.0/24,64500,Example ISP,DE,access\n")); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	return New(Options{
		Zone: "watertight.test", Families: []int{4, 6}, STUNPort: 3478, TURNPort: 3479,
		Addresses: []netip.Addr{netip.MustParseAddr("203.0.113.53"), netip.MustParseAddr("2001:db8:53::53")},
		Version:   "1", Networks: networks,
		Table: sightings.New(sightings.Options{}), Done: done,
	}), done
}

func observe(h *Handler, label string, typ uint16) {
	k, _ := sightings.ParseToken(tok)
	l, _ := sightings.ParseLabel(label)
	h.Table.Record(sightings.Observation{Token: k, Label: l, Resolver: netip.MustParseAddr("198.51.100.53"), Type: typ})
}

func attest(h *Handler, address string) {
	k, _ := sightings.ParseToken(tok)
	h.Table.RecordPath(k, sightings.Path{Transport: sightings.TCP, Address: netip.MustParseAddr(address)})
}

func call(h http.Handler, method, target, body, from string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.RemoteAddr = from
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAnswers(t *testing.T) {
	h, _ := handler(t)
	observe(h, "f0", 28)
	observe(h, "f0", 1)
	observe(h, "f0", 9999)
	attest(h, "::ffff:192.0.2.10")
	const four = "192.0.2.10:1234"
	network := `{"prefix":"192.0.2.0/24","asn":64510,"org":"Example VPN","country":"SE","kind":""}`
	const server = `,"server":{"addresses":["203.0.113.53","2001:db8:53::53"]}}`
	for _, test := range []struct {
		method, target, from string
		status               int
		want                 string
	}{
		{"GET", "/v1/exit", four, 200, `{"address":"192.0.2.10","family":4,"network":` + network + `,"companion":{"families":[4,6]}` + server},
		{"GET", "/v1/exit", "[::ffff:192.0.2.10]:1", 200, `{"address":"192.0.2.10","family":4,"network":` + network + `,"companion":{"families":[4,6]}` + server},
		{"GET", "/v1/exit", "[2001:db8::1]:1", 200, `{"address":"2001:db8::1","family":6,"network":null,"companion":{"families":[4,6]}` + server},
		{"GET", "/v1/exit", "[fe80::1%eth0]:1", 200, `{"address":"fe80::1","family":6,"network":null,"companion":{"families":[4,6]}` + server},
		{"GET", "/v1/exit", "@", 500, `{"error":{"code":"no-address","message":"the address of this connection is not known"}}`},
		{"GET", "/v1/about", four, 200, `{"name":"watertight-server","version":"1","zone":"watertight.test","families":[4,6],"stun_port":3478,"turn_port":3479,"data_date":""}`},
		{"GET", "/v1/networks?address=192.0.2.77&address=2001:DB8::1", four, 200, `{"networks":{"192.0.2.77":` + network + `,"2001:DB8::1":null}}`},
		{"GET", "/v1/networks", four, 400, `{"error":{"code":"no-address","message":"want ?address=…, up to 16 times"}}`},
		{"GET", "/v1/networks?address=192.0.2", four, 400, `{"error":{"code":"bad-address","message":"want IPv4 or IPv6 addresses"}}`},
		{"GET", "/v1/networks?" + strings.Repeat("address=::1&", 17), four, 400, `{"error":{"code":"too-many","message":"want at most 16 addresses"}}`},
		{"GET", "/v1/sightings/" + tok, four, 200, `{"sightings":[{"label":"f0","vector":"f","resolver":"198.51.100.53","family":4,"transport":"udp",` +
			`"network":{"prefix":"198.51.100.0/24","asn":64500,"org":"Example ISP","country":"DE","kind":"access"},"qtypes":["A","AAAA","TYPE9999"],"edns":null,"ecs":""}],"paths":[{"transport":"tcp","family":4,"address":"192.0.2.10","network":` + network + `}]}`},
		{"GET", "/v1/sightings/" + strings.Repeat("a", 26), four, 200, `{"sightings":[],"paths":[]}`},
		{"GET", "/v1/sightings/" + strings.ToUpper(tok), four, 400, `{"error":{"code":"bad-token","message":"want 26 characters of a-z and 2-7"}}`},
		{"GET", "/v1/sightings/", four, 400, `{"error":{"code":"bad-token","message":"want 26 characters of a-z and 2-7"}}`},
		{"GET", "/v1/sightings/" + tok + "/", four, 400, `{"error":{"code":"bad-token","message":"want 26 characters of a-z and 2-7"}}`},
		{"GET", "/", four, 404, `{"error":{"code":"not-found","message":"there is nothing at this path"}}`},
		{"GET", "/v1/exit/", four, 404, `{"error":{"code":"not-found","message":"there is nothing at this path"}}`},
		{"POST", "/v2", four, 404, `{"error":{"code":"not-found","message":"there is nothing at this path"}}`},
		{"POST", "/v1/exit", four, 405, `{"error":{"code":"method-not-allowed","message":"allowed are GET, HEAD, OPTIONS"}}`},
		{"DELETE", "/v1/sightings/" + tok, four, 405, `{"error":{"code":"method-not-allowed","message":"allowed are GET, HEAD, OPTIONS"}}`},
	} {
		w := call(h, test.method, test.target, "", test.from)
		if got := strings.TrimSpace(w.Body.String()); w.Code != test.status || got != test.want {
			t.Errorf("%s %.60s: %d %s\nwant %d %s", test.method, test.target, w.Code, got, test.status, test.want)
		}
		for k, v := range map[string]string{"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store", "Connection": "close", "Content-Type": "application/json", "X-Content-Type-Options": "nosniff"} {
			if w.Header().Get(k) != v {
				t.Errorf("%s %s: %s: %q", test.method, test.target, k, w.Header().Get(k))
			}
		}
	}
}

func TestMethods(t *testing.T) {
	h, _ := handler(t)
	w := call(h, "OPTIONS", "/v1/exit", "", "192.0.2.1:1", "Origin", "https://a.test", "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "x-own")
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Headers") != "*" || !strings.Contains(w.Header().Get("Access-Control-Allow-Methods"), "GET") || w.Header().Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("preflight: %d %v", w.Code, w.Header())
	}
	if w := call(h, "GET", "/v1/exit", "body", "192.0.2.1:1"); w.Code != 413 || w.Header().Get("Connection") != "close" {
		t.Errorf("a body: %d", w.Code)
	}
	if w := call(h, "POST", "/v1/exit", "", "192.0.2.1:1"); w.Header().Get("Allow") != methods {
		t.Errorf("Allow: %q", w.Header().Get("Allow"))
	}
	w = call(h, "GET", "/v1/exit", "", "192.0.2.1:1", "X-Forwarded-For", "198.51.100.1", "Forwarded", "for=198.51.100.1")
	if strings.Contains(w.Body.String(), "198.51.100.1") {
		t.Error("believes what a header says")
	}
}

// TestSigned: the names that test DNSSEC are answered, whatever is asked there.
func TestSigned(t *testing.T) {
	h, _ := handler(t)
	for url, want := range map[string]int{
		"http://valid.sig.watertight.test/":           204,
		"http://BROKEN.sig.watertight.test:8053/?x=1": 204,
		"http://other.sig.watertight.test/":           404,
		"http://valid.sig.watertight.test.evil/":      404,
		"http://ip4.watertight.test/":                 404,
	} {
		w := call(h, "GET", url, "", "192.0.2.1:1")
		if w.Code != want || w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Cache-Control") != "no-store" || want == 204 && w.Body.Len() > 0 {
			t.Errorf("%s: %d %v", url, w.Code, w.Header())
		}
	}
}

func TestFrame(t *testing.T) {
	h, _ := handler(t)
	w := call(h, "GET", "/v1/frame", "", "192.0.2.1:1")
	head := w.Header()
	if w.Code != 200 || head.Get("Content-Type") != "text/html; charset=utf-8" || !strings.HasPrefix(head.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d %v", w.Code, head)
	}
	if head.Get("X-Frame-Options") != "" || strings.Contains(head.Get("Content-Security-Policy"), "frame-ancestors") || strings.Contains(w.Body.String(), "script") {
		t.Error("cannot be framed, or has a script")
	}
	for url, want := range map[string]string{"/v1/frame": "no-store", "/v1/frame?keep": "private, max-age=300", "/v1/exit?keep": "no-store"} {
		if got := call(h, "GET", url, "", "192.0.2.1:1").Header().Get("Cache-Control"); got != want {
			t.Errorf("%s may be kept: %s", url, got)
		}
	}
	// By this mark the extension tells the page from a proxy's error page.
	if !strings.Contains(w.Body.String(), `<html lang="en" data-watertight="frame">`) {
		t.Error("the page does not say that it is the companion's")
	}
}

func TestPanic(t *testing.T) {
	h, _ := handler(t)
	h.routes["/v1/panic"] = func(http.ResponseWriter, *http.Request) { panic("secret 192.0.2.1") }
	told := ""
	for _, h.Broken = range []func(string){nil, func(where string) { told = where }} {
		w := call(h, "GET", "/v1/panic", "", "192.0.2.1:1")
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if !strings.Contains(told, "TestPanic") || strings.Contains(told, "secret") {
		t.Errorf("told of %q", told)
	}
}

// TestHead: no stream for HEAD, whatever it accepts.
func TestHead(t *testing.T) {
	h, _ := handler(t)
	if w := call(h, "HEAD", "/v1/sightings/"+tok, "", "192.0.2.1:1", "Accept", "text/event-stream"); w.Header().Get("Content-Type") != "application/json" {
		t.Errorf("%v", w.Header())
	}
}

func FuzzRequest(f *testing.F) {
	h, _ := handler(f)
	f.Add("GET", "/v1/networks?address=::1", "text/html")
	f.Add("HEAD", "/v1/sightings/"+tok, "text/event-stream ;q=1")
	f.Fuzz(func(t *testing.T, method, target, accept string) {
		r, err := http.NewRequestWithContext(t.Context(), method, "http://h"+target, nil)
		if err != nil || acceptsStream(&http.Request{Header: http.Header{"Accept": {accept}}}) {
			return
		}
		r.RemoteAddr = "192.0.2.1:1"
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code != 204 && r.URL.Path != "/v1/frame" && !json.Valid(w.Body.Bytes()) {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	})
}
