package outbox

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
)

var key = report.NewKey([report.SecretSize]byte{7})

func keys() report.Keys { return report.Keys{key} }

// lines is what the operator was told.
type lines struct {
	mu   sync.Mutex
	list []string
}

func (l *lines) say(s string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, s)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.list, "\n")
}

func token(n int) sightings.Token {
	k, _ := sightings.ParseToken("aaaaaaaaaaaaaaaaaaaaaaaaaa")
	for i := range 6 {
		k[i] = byte('a' + n%26)
		n /= 26
	}
	return k
}

func query(n int) sightings.Observation {
	l, _ := sightings.ParseLabel("f0")
	return sightings.Observation{Token: token(n), Label: l, Resolver: netip.MustParseAddr("198.51.100.53"), Type: 1}
}

// until waits for something to become true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// api is a real handler with faults in front of it.
func api(t *testing.T, before func(w http.ResponseWriter, r *http.Request) (handled bool)) (url string, table *sightings.Table) {
	t.Helper()
	table = sightings.New(sightings.Options{})
	h := report.NewHandler(report.NewReceiver(table, nil), keys)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if before == nil || !before(w, r) {
			h.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s.URL, table
}

// TestEverything: from many goroutines, through an API that fails in every way it can.
func TestEverything(t *testing.T) {
	var asked atomic.Int64
	var conns sync.Map
	url, table := api(t, func(w http.ResponseWriter, r *http.Request) bool {
		conns.Store(r.RemoteAddr, true)
		switch n := asked.Add(1); {
		case n%7 == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		case n%7 == 2:
			_, _ = io.WriteString(w, "<html>welcome to the hotel</html>")
		case n%7 == 3:
			c, _, err := w.(http.Hijacker).Hijack() // the answer is lost
			if err == nil {
				_ = c.Close()
			}
		default:
			return false
		}
		return true
	})
	var said lines
	b := New(Options{URL: url, Keys: keys, Say: said.say})
	const writers, each = 8, 500
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				b.Record(query(w*each + i))
				if i%50 == 0 {
					b.RecordPath(token(w*each+i), sightings.Path{Address: netip.MustParseAddr("192.0.2.7")})
					time.Sleep(time.Duration(rand.IntN(int(10 * time.Millisecond))))
				}
			}
		})
	}
	wait.Wait()
	const all = writers*each + writers*each/50
	until(t, "all accepted", func() bool { return b.Counts().Accepted == all })
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if c := b.Counts(); c.Accepted != all || c.Dropped+c.Late+c.Refused != 0 || c.Retries == 0 {
		t.Errorf("%+v", c)
	}
	for n := range writers * each {
		news := table.Snapshot(token(n))
		if len(news.Sightings) != 1 || news.Full || (len(news.Paths) == 1) != (n%each%50 == 0) {
			t.Fatalf("%d: %+v", n, news)
		}
	}
	used := 0
	conns.Range(func(any, any) bool { used++; return true })
	if n := int(asked.Load()); used > n/2 && n > 40 {
		t.Errorf("%d connections for %d requests: they are not kept alive", used, n)
	}
	if !strings.Contains(said.String(), "does not go through") {
		t.Errorf("the operator was told %q", &said)
	}
}

// TestDropsOldest: while the API is away the queue is bounded, the youngest stay, and
// what was lost is counted.
func TestDropsOldest(t *testing.T) {
	q := newQueue(8)
	lost := 0
	for n := range 20 {
		lost += q.force(&report.Record{Observation: query(n)}, time.Duration(n))
	}
	var out batch
	for q.takeOlder(&out, 14) {
	}
	if out.len() != 2 {
		t.Errorf("%d are older than the 14th", out.len())
	}
	for q.take(&out) {
	}
	if lost != 12 || out.len() != 8 || string(out.records[:6]) != string(prefix(12)) || out.seen[0] != 12 || out.youngest() != 19 {
		t.Errorf("%d lost, %d kept, from %s, of %v", lost, out.len(), out.records[:6], out.seen)
	}
	for i := range q.slots {
		if q.slots[i].record != (report.Raw{}) {
			t.Errorf("slot %d still holds a record", i)
		}
	}
}

// TestQueue: with many at both ends nothing comes twice, nothing is lost uncounted, and
// no record is torn.
func TestQueue(t *testing.T) {
	q := newQueue(64)
	const writers, each, readers = 4, 20_000, 3
	var lost atomic.Int64
	var in, out sync.WaitGroup
	var done atomic.Bool
	seen := make([]batch, readers)
	for w := range writers {
		in.Go(func() {
			for i := range each {
				lost.Add(int64(q.force(&report.Record{Observation: query(w*each + i)}, time.Duration(w*each+i))))
			}
		})
	}
	for r := range readers {
		out.Go(func() {
			for {
				if !q.take(&seen[r]) && done.Load() && !q.take(&seen[r]) {
					return
				}
			}
		})
	}
	in.Wait()
	done.Store(true)
	out.Wait()
	got := make(map[string]bool)
	for _, all := range seen {
		for i := range all.seen {
			raw := all.records[i*report.RecordSize : (i+1)*report.RecordSize]
			b, err := report.Parse(report.Append(nil, report.Header{Sequence: 1, Time: time.Now()}, raw))
			if err != nil || b.Len() != 1 || got[string(raw)] || string(raw[:6]) != string(prefix(int(all.seen[i]))) {
				t.Fatalf("%q, seen at %d: %v", raw, all.seen[i], err)
			}
			got[string(raw)] = true
		}
	}
	if len(got)+int(lost.Load()) != writers*each {
		t.Errorf("%d came, %d lost, of %d", len(got), lost.Load(), writers*each)
	}
}

// TestNeverWaits: with an API that swallows everything, recording costs no memory and
// the queue overflows into the counter.
func TestNeverWaits(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // accepts in the kernel and says nothing
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var said lines
	b := New(Options{URL: "http://" + l.Addr().String(), Keys: keys, Say: said.say})
	n := 0
	for range 2 * capacity {
		b.Record(query(n))
		n++
	}
	if allocs := testing.AllocsPerRun(5000, func() { b.Record(query(n)); n++ }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
	if c := b.Counts(); c.Dropped < capacity/2 || c.Waiting > capacity {
		t.Errorf("%+v", c)
	}
	start := time.Now()
	_ = b.Close()
	if d := time.Since(start); d > 2*lastWords {
		t.Errorf("closing took %v", d)
	}
	if c := b.Counts(); c.Accepted != 0 || c.Dropped+c.Late != uint64(n) || c.Waiting != 0 {
		t.Errorf("%d records: %+v", n, c)
	}
}

// TestRefused: what the API understands and refuses is not sent again, and the operator
// reads why.
func TestRefused(t *testing.T) {
	var asked atomic.Int64 // with records
	url, table := api(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.ContentLength > empty {
			asked.Add(1)
		}
		return false
	})
	var said lines
	stranger := report.NewKey([report.SecretSize]byte{8})
	b := New(Options{URL: url, Keys: func() report.Keys { return report.Keys{stranger} }, Say: said.say})
	b.Record(query(1))
	until(t, "refused", func() bool { return b.Counts().Refused == 1 })
	if err := b.Err(); !errors.Is(err, errRefused) || !strings.Contains(said.String(), "401 unknown-key") {
		t.Errorf("%v, told %q", err, &said)
	}
	_ = b.Close()
	if asked.Load() != 1 || !table.Snapshot(token(1)).Empty() {
		t.Errorf("asked %d times", asked.Load())
	}
}

// TestNewKey: the newest key of the file signs from the moment on at which it is there.
func TestNewKey(t *testing.T) {
	url, table := api(t, nil)
	var current atomic.Pointer[report.Keys]
	current.Store(&report.Keys{key, report.NewKey([report.SecretSize]byte{8})}) // the API does not know that one
	b := New(Options{URL: url, Keys: func() report.Keys { return *current.Load() }, Say: func(string) {}})
	defer b.Close()
	b.Record(query(1))
	until(t, "refused", func() bool { return b.Counts().Refused == 1 })
	current.Store(&report.Keys{report.NewKey([report.SecretSize]byte{8}), key})
	b.Record(query(2))
	until(t, "taken", func() bool { return !table.Snapshot(token(2)).Empty() })
}

// TestEcho: an API that forgets all in an instant is told again what it took last.
func TestEcho(t *testing.T) {
	var current atomic.Pointer[report.Handler]
	first, second := sightings.New(sightings.Options{}), sightings.New(sightings.Options{})
	current.Store(report.NewHandler(report.NewReceiver(first, nil), keys))
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { current.Load().ServeHTTP(w, r) }))
	defer s.Close()
	b := New(Options{URL: s.URL, Keys: keys, Say: func(string) {}})
	defer b.Close()
	b.Record(query(1))
	until(t, "taken", func() bool { return b.Counts().Accepted == 1 })
	current.Store(report.NewHandler(report.NewReceiver(second, nil), keys))
	until(t, "told again", func() bool { return !second.Snapshot(token(1)).Empty() })
	time.Sleep(usual.echo + 2*usual.together) // an echo of the echo would come now
	if c := b.Counts(); c.Accepted != 1 || b.next.Load() != 2 {
		t.Errorf("%+v after %d requests", c, b.next.Load())
	}
}

// TestLastWords: what was seen right before the end still arrives.
func TestLastWords(t *testing.T) {
	url, table := api(t, nil)
	b := New(Options{URL: url, Keys: keys, Say: func(string) {}})
	for n := range 3000 {
		b.Record(query(n))
	}
	_ = b.Close()
	for n := range 3000 {
		if table.Snapshot(token(n)).Empty() {
			t.Fatalf("%d is lost: %+v", n, b.Counts())
		}
	}
}

// TestFirstLeavesAtOnce: after a rest the first record does not wait for company.
func TestFirstLeavesAtOnce(t *testing.T) {
	came := make(chan time.Time, 1)
	url, _ := api(t, func(http.ResponseWriter, *http.Request) bool {
		select {
		case came <- time.Now():
		default:
		}
		return false
	})
	b := New(Options{URL: url, Keys: keys, Say: func(string) {}})
	defer b.Close()
	best := time.Hour
	for n := range 5 {
		time.Sleep(2 * pause)
		select {
		case <-came: // an echo
		default:
		}
		start := time.Now()
		b.Record(query(n))
		best = min(best, (<-came).Sub(start))
	}
	if best >= pause {
		t.Errorf("it takes %v", best)
	}
}

// TestJudge: only an API's own word counts.
func TestJudge(t *testing.T) {
	for _, test := range []struct {
		status  int
		text    string
		refused bool
	}{
		{200, `{"accepted":4}`, false}, {200, `{}`, false}, {204, ``, false}, {302, `<a href>`, false},
		{404, `<html>`, false}, {404, `{"error":{"code":"not-found","message":"x"}}`, true},
		{429, `{"error":{"code":"too-many-requests"}}`, false}, {500, `{"error":{"code":"internal"}}`, false},
		{400, `{"error":{"code":"clock","message":"the clock"}}`, true},
	} {
		if err := judge(test.status, []byte(test.text), 3); err == nil || errors.Is(err, errRefused) != test.refused {
			t.Errorf("%d %s: %v", test.status, test.text, err)
		}
	}
	if err := judge(200, []byte(`{"accepted":3,"duplicate":true}`), 3); err != nil {
		t.Error(err)
	}
	if got := printable("\x1b[2Jx\n"); got != "[2Jx" {
		t.Errorf("%q", got)
	}
}

func BenchmarkRecord(b *testing.B) {
	o := New(Options{URL: "http://127.0.0.1:1", Keys: keys, Say: func(string) {}})
	defer o.Close()
	one := query(1)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			o.Record(one)
		}
	})
}

func prefix(n int) []byte { k := token(n); return k[:6] }

// empty is how long a batch without records is.
const empty = report.MaxBody - report.MaxRecords*report.RecordSize
