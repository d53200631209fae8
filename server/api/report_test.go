package api

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"watertight/server/limit"
	"watertight/server/report"
	"watertight/server/sightings"
)

// TestReport: what a node has signed is told like what was seen here; without the option
// there is no such path.
func TestReport(t *testing.T) {
	h, _ := handler(t)
	const node = "192.0.2.10:1234"
	key := report.NewKey([report.SecretSize]byte{1})
	k, _ := sightings.ParseToken(tok)
	l, _ := sightings.ParseLabel("f0")
	record := report.Record{Observation: sightings.Observation{Token: k, Label: l, Resolver: netip.MustParseAddr("198.51.100.53"), Type: 1}}
	var raw report.Raw
	record.Put(&raw)
	body := string(key.Seal(nil, report.Header{Sequence: 1, Time: time.Now()}, raw[:]))
	if w := call(h, "POST", report.Path, body, node); w.Code != 404 {
		t.Errorf("without the option: %d %s", w.Code, w.Body)
	}
	h.Report = report.NewHandler(report.NewReceiver(h.Table, nil), func() report.Keys { return report.Keys{key} })
	if w := call(h, "GET", report.Path, "", node); w.Code != 405 || w.Header().Get("Allow") != "POST" {
		t.Errorf("GET: %d %s", w.Code, w.Body)
	}
	w := call(h, "POST", report.Path, body, node)
	if w.Code != 200 || w.Header().Get("Connection") != "" || w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
	}
	if w := call(h, "GET", "/v1/sightings/"+tok, "", node); !strings.Contains(w.Body.String(), `"resolver":"198.51.100.53"`) {
		t.Errorf("not told: %s", w.Body)
	}
	if w := call(h, "POST", "/v1/exit", body, node); w.Code != 405 {
		t.Errorf("a batch to another path: %d %s", w.Code, w.Body)
	}
}

// TestTooManyReports: who has as many under way as one may is told to come again; another
// goes on, and so does what a front within passes on.
func TestTooManyReports(t *testing.T) {
	h, _ := handler(t)
	h.reports = limit.NewPlaces(10, 1)
	in, out := make(chan struct{}), make(chan struct{})
	h.Report = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Slow") != "" {
			close(in)
			<-out
		}
	})
	done := make(chan int)
	go func() { done <- call(h, "POST", report.Path, "", "192.0.2.10:1", "Slow", "1").Code }()
	<-in
	for from, want := range map[string]int{"192.0.2.10:2": 503, "192.0.2.11:1": 200, "": 200} {
		if w := call(h, "POST", report.Path, "", from); w.Code != want || want == 503 && (w.Header().Get("Connection") != "close" || !strings.Contains(w.Body.String(), "too-many-reports")) {
			t.Errorf("%s: %d %s", from, w.Code, w.Body)
		}
	}
	close(out)
	if code := <-done; code != 200 {
		t.Errorf("the first: %d", code)
	}
	if w := call(h, "POST", report.Path, "", "192.0.2.10:2"); w.Code != 200 {
		t.Errorf("after that: %d", w.Code)
	}
}
