//go:build workerd

package worker

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestEdge: what Cloudflare says of a request is believed, unless the operator says
// otherwise; what the request says of itself is not.
func TestEdge(t *testing.T) {
	cf := map[string]any{"asn": 64496, "asOrganization": "Example, at the edge", "country": "NO", "continent": "EU", "longitude": "10.7"}
	w := start(t, plain, cf)
	ask := func(path string, headers ...string) string {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", w.url+path, nil)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		status, _, body := do(t, r)
		if status != http.StatusOK {
			t.Errorf("%s: %d %s", path, status, body)
		}
		return strings.TrimSpace(body)
	}
	// The operator's file names loopback.
	want := `{"address":"127.0.0.1","family":4,"network":{"prefix":"127.0.0.0/8","asn":64500,"org":"Example ISP","country":"SE","kind":"access"},` +
		`"companion":{"families":[4,6]},"server":{"addresses":["203.0.113.53","2001:db8:53::53"],"hint":"zzu"}}`
	forged := []string{"CF-Connecting-IP", "192.0.2.1", "X-Forwarded-For", "192.0.2.1", "Watertight-Inner", "1", "Watertight-Hint", "forged"}
	if got := ask("/v1/exit", forged...); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := ask("/v1/about", forged...); !strings.HasSuffix(got, `,"hint":"zzu"}`) {
		t.Error(got)
	}
	// A batch that nobody has signed stays outside, whatever it says of where it comes from.
	r, _ := http.NewRequestWithContext(t.Context(), "POST", w.url+"/v1/report", strings.NewReader("WTR1"))
	r.Header.Set("Watertight-Inner", "1")
	if status, _, body := do(t, r); status != http.StatusBadRequest {
		t.Errorf("%d %s", status, body)
	}
}

// TestEdgeNetwork: without a word of the operator's, the exit's network is the edge's.
func TestEdgeNetwork(t *testing.T) {
	w := startWith(t, plain, map[string]any{"asn": 64496, "asOrganization": "Example, at the edge", "country": "NO"}, "203.0.113.0/24,1,X,SE\n", nil)
	_, got := get(t, w.url+"/v1/exit")
	if want := `"network":{"prefix":"127.0.0.0/24","asn":64496,"org":"Example, at the edge","country":"NO","kind":""}`; !strings.Contains(got, want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestData: networks come from slices of the open data beside the Worker, and an address
// that is in none is unknown.
func TestData(t *testing.T) {
	w := start(t, plain, nil)
	_, got := get(t, w.url+"/v1/networks?address=9.9.9.9&address=2620:fe::9&address=240.0.0.1&address=192.168.1.1")
	want := `{"networks":{"192.168.1.1":null,"240.0.0.1":null,"2620:fe::9":{"prefix":"2620:fe::/48","asn":19281,"org":"Quad9","country":"US","kind":""},` +
		`"9.9.9.9":{"prefix":"9.9.9.0/24","asn":19281,"org":"Quad9","country":"US","kind":""}}}`
	if strings.TrimSpace(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestNearby: what needs no object is answered by the isolate's own program once that has
// booted, and in the same octets; many at once do not mix.
func TestNearby(t *testing.T) {
	cf := map[string]any{"asn": 64496, "asOrganization": "Example, at the edge", "country": "NO", "continent": "OC"}
	w := startWith(t, plain, cf, "", nil)
	first := map[string]string{} // by objects: the isolate's program is not there yet
	paths := []string{"/v1/exit", "/v1/about", "/v1/frame"}
	for _, path := range paths {
		_, first[path] = get(t, w.url+path)
	}
	if want := `"network":{"prefix":"127.0.0.0/24","asn":64496,"org":"Example, at the edge","country":"NO","kind":""}`; !strings.Contains(first["/v1/exit"], want) {
		t.Errorf("%s", first["/v1/exit"])
	}
	time.Sleep(time.Second)
	var all sync.WaitGroup
	for n := range 12 {
		all.Go(func() {
			for i := range 100 {
				path := paths[(n+i)%len(paths)]
				if status, got := get(t, w.url+path); status != http.StatusOK || got != first[path] {
					t.Errorf("%s: %d %s\nwant %s", path, status, got, first[path])
				}
			}
		})
	}
	all.Wait()
}
