package gate

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
	"watertight/server/worker/place"
)

const shards = place.Shards(4)

// objects are tables behind their inner handlers, as in the Worker.
type objects struct {
	mu     sync.Mutex
	tables map[string]*sightings.Table
	inner  map[string]http.Handler
	away   string
}

func (o *objects) deliver(_ context.Context, name string, part []byte) (int, []byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if name == o.away {
		return 0, nil, errors.New("away")
	}
	if o.inner[name] == nil {
		o.tables[name] = sightings.New(sightings.Options{Tokens: 100, Shards: 1})
		o.inner[name] = report.NewInner(report.NewReceiver(o.tables[name], nil))
	}
	w := httptest.NewRecorder()
	o.inner[name].ServeHTTP(w, httptest.NewRequest("POST", report.Path, bytes.NewReader(part)))
	return w.Code, w.Body.Bytes(), nil
}

func token(n int) sightings.Token {
	k, ok := sightings.ParseToken(strings.Repeat(string(rune('a'+n%26)), 25) + string(rune('a'+n/26)))
	if !ok {
		panic("not a token")
	}
	return k
}

func records(n int) (all []byte) {
	for i := range n {
		r := report.Record{Observation: sightings.Observation{Token: token(i), Resolver: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), Type: 1}}
		var raw report.Raw
		r.Put(&raw)
		all = append(all, raw[:]...)
	}
	return all
}

func TestGate(t *testing.T) {
	key := report.NewKey([report.SecretSize]byte{1})
	o := &objects{tables: map[string]*sightings.Table{}, inner: map[string]http.Handler{}}
	g := New(report.Keys{key}, shards, o.deliver)
	post := func(body []byte) (int, string) {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("POST", report.Path, bytes.NewReader(body)))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	seal := func(sequence uint64, at time.Time, records []byte) []byte {
		return key.Seal(nil, report.Header{Boot: [8]byte{1}, Sequence: sequence, Time: at}, records)
	}
	forged := report.NewKey([report.SecretSize]byte{2}).Seal(nil, report.Header{Sequence: 1, Time: time.Now()}, records(1))
	if status, body := post(forged); status != http.StatusUnauthorized || len(o.tables) > 0 {
		t.Fatalf("forged: %d %s, and %d objects were asked", status, body, len(o.tables))
	}
	first := seal(1, time.Now(), records(40))
	for _, test := range []struct {
		name   string
		body   []byte
		status int
		want   string
	}{
		{"new", first, 200, `{"accepted":40,"duplicate":false}`},
		{"again", first, 200, `{"accepted":40,"duplicate":true}`},
		{"empty", seal(2, time.Now(), nil), 200, `{"accepted":0,"duplicate":false}`},
		{"clock", seal(3, time.Now().Add(time.Hour), records(2)), 400, `"code":"clock"`},
		{"empty, clock", seal(3, time.Now().Add(time.Hour), nil), 400, `"code":"clock"`},
	} {
		if status, body := post(test.body); status != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s: %d %s", test.name, status, body)
		}
	}
	if len(o.tables) != int(shards) {
		t.Errorf("%d objects", len(o.tables))
	}
	for i := range 40 {
		name := shards.Name(shards.Of(token(i)))
		for other, table := range o.tables {
			if n := len(table.Snapshot(token(i)).Sightings); (n == 1) != (other == name) {
				t.Errorf("token %d: %d sightings in %s, its object is %s", i, n, other, name)
			}
		}
	}
	// A node hears of a part that did not arrive, and sends everything again.
	o.away = shards.Name(shards.Of(token(0)))
	if status, body := post(seal(4, time.Now(), records(40))); status != http.StatusServiceUnavailable || !strings.Contains(body, `"unavailable"`) {
		t.Errorf("away: %d %s", status, body)
	}
	o.away = ""
	if status, body := post(seal(5, time.Now(), records(40))); status != http.StatusOK {
		t.Errorf("back: %d %s", status, body)
	}
}

// TestMissing: that records are missing is told to every object, in all regions, once.
func TestMissing(t *testing.T) {
	key := report.NewKey([report.SecretSize]byte{1})
	o := &objects{tables: map[string]*sightings.Table{}, inner: map[string]http.Handler{}}
	g := New(report.Keys{key}, shards, o.deliver)
	body := key.Seal(nil, report.Header{Sequence: 1, Time: time.Now(), Missing: report.MissingSince(time.Second)}, records(1))
	for _, want := range []string{`"duplicate":false`, `"duplicate":true`} {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest("POST", report.Path, bytes.NewReader(body)))
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if len(o.tables) != shards.All() || shards.All() != 40 {
		t.Errorf("%d objects were told", len(o.tables))
	}
	for name, table := range o.tables {
		if !table.Snapshot(token(600)).Full {
			t.Errorf("%s does not say so", name)
		}
	}
}
