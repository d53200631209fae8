package api

import (
	"net/netip"
	"strings"
	"testing"
	"time"

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
