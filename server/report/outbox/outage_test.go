package outbox

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watertight/server/report"
)

// hasty is a hundredth of the usual times, where a hundredth is enough for the work.
var hasty = times{
	keep: 400 * time.Millisecond, try: 200 * time.Millisecond, first: time.Millisecond, longest: 20 * time.Millisecond,
	silence: 100 * time.Millisecond, sweep: 10 * time.Millisecond, ask: 50 * time.Millisecond, tell: 200 * time.Millisecond,
	echo: 10 * time.Millisecond, together: time.Millisecond,
}

// outage is an API that can be away, and what it was sent meanwhile and after.
type outage struct {
	away    atomic.Bool
	answer  int // while it is
	records atomic.Int64
	empty   atomic.Int64
}

func (o *outage) handle(w http.ResponseWriter, r *http.Request) bool {
	n := &o.empty
	if r.ContentLength > empty {
		n = &o.records
	}
	n.Add(1)
	if o.away.Load() {
		w.WriteHeader(o.answer)
		_, _ = io.WriteString(w, `{"error":{"code":"test"}}`)
	}
	return o.away.Load()
}

// TestLate: a batch that does not get through is given up in time and not sent when the
// API is back; that the API is back is found out although nothing is to be sent, and who
// reads there hears that something is missing.
func TestLate(t *testing.T) {
	o := &outage{answer: http.StatusServiceUnavailable}
	o.away.Store(true)
	url, table := api(t, o.handle)
	var said lines
	b := open(Options{URL: url, Keys: keys, Say: said.say}, hasty)
	defer b.Close()
	reader := table.Subscribe(token(1))
	defer reader.Close()
	began := time.Now()
	b.Record(query(1))
	until(t, "an error", func() bool { return b.Err() != nil })
	until(t, "given up", func() bool { return b.Counts().Late == 1 })
	if d := time.Since(began); d < hasty.lastTry() {
		t.Errorf("given up after %v", d)
	}
	if c := b.Counts(); c.Retries == 0 || c.Accepted+c.Dropped+c.Refused != 0 || b.Err() == nil {
		t.Errorf("%+v %v", c, b.Err())
	}
	sent := o.records.Load()
	o.away.Store(false)
	until(t, "well again", func() bool { return b.Err() == nil })
	until(t, "told", func() bool { return reader.Next().Full })
	if n := o.records.Load() - sent; n != 0 || !table.Snapshot(token(2)).Full {
		t.Errorf("%d batches came late; a reader who comes now: %+v", n, table.Snapshot(token(2)))
	}
	if c := b.Counts(); c.Accepted != 0 {
		t.Errorf("%+v", c)
	}
	asked := o.empty.Load()
	time.Sleep(4 * hasty.ask)
	if n := o.empty.Load() - asked; n > 1 { // one may have been under way
		t.Errorf("asked %d times more", n)
	}
}

// TestEveryLossIsTold: what is refused and what is pushed out as well.
func TestEveryLossIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		answer, records int
		lost            func(Counts) uint64
	}{
		"refused": {http.StatusBadRequest, 1, func(c Counts) uint64 { return c.Refused }},
		"dropped": {http.StatusServiceUnavailable, capacity + 30_000, func(c Counts) uint64 { return c.Dropped }},
	} {
		o := &outage{answer: test.answer}
		o.away.Store(true)
		url, table := api(t, o.handle)
		slow := hasty
		slow.keep = time.Minute
		b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, slow)
		for n := range test.records {
			b.Record(query(n))
		}
		until(t, name, func() bool { return test.lost(b.Counts()) > 0 })
		if table.Snapshot(token(0)).Full {
			t.Errorf("%s: told before it could be", name)
		}
		o.away.Store(false)
		until(t, name+", told", func() bool { return table.Snapshot(token(0)).Full })
		_ = b.Close()
	}
}

// TestLossAtTheEnd: what the last moments could not bring is told before the node ends.
func TestLossAtTheEnd(t *testing.T) {
	o := &outage{answer: http.StatusServiceUnavailable}
	url, table := api(t, o.handle)
	calm := usual
	calm.ask = time.Hour
	b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, calm)
	b.loss.untold.Store(true) // nobody was woken
	_ = b.Close()
	if !table.Snapshot(token(1)).Full {
		t.Error("not told")
	}
}

// TestLossGoesOn: an API is told again, but not for every record.
func TestLossGoesOn(t *testing.T) {
	o := &outage{}
	url, _ := api(t, o.handle)
	b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, hasty)
	defer b.Close()
	began := time.Now()
	for time.Since(began) < 3*hasty.tell {
		b.loss.note(b.now())
		time.Sleep(time.Millisecond)
	}
	if n := o.empty.Load(); n < 2 || n > 1+int64(time.Since(began)/hasty.tell) {
		t.Errorf("told %d times in %v", n, time.Since(began))
	}
}

// TestAPIFromBefore: one that cannot be told refuses that once, which is no reason to call
// the node ill.
func TestAPIFromBefore(t *testing.T) {
	var refused atomic.Int64
	url, table := api(t, func(w http.ResponseWriter, r *http.Request) bool {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if body[38]|body[39] == 0 {
			return false
		}
		refused.Add(1)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"error":{"code":"bad-report"}}`)
		return true
	})
	b := open(Options{URL: url, Keys: keys, Say: func(s string) { t.Error(s) }}, hasty)
	defer b.Close()
	b.loss.note(b.now())
	until(t, "refused", func() bool { return refused.Load() == 1 && !b.loss.untold.Load() })
	b.Record(query(1))
	until(t, "taken", func() bool { return !table.Snapshot(token(1)).Empty() })
	time.Sleep(2 * hasty.ask)
	if err := b.Err(); err != nil || refused.Load() != 1 {
		t.Errorf("%v, refused %d times", err, refused.Load())
	}
}

// TestOldEchoes: of what is to be said again nothing is kept for longer than promised,
// also while the one before it is under way.
func TestOldEchoes(t *testing.T) {
	var hangs atomic.Bool
	var echoes atomic.Int64
	let := make(chan struct{})
	release := sync.OnceFunc(func() { close(let) })
	defer release()
	url, _ := api(t, func(http.ResponseWriter, *http.Request) bool {
		if hangs.Load() {
			echoes.Add(1)
			<-let
		}
		return false
	})
	patient := hasty
	patient.keep, patient.try, patient.echo = 61*time.Second, time.Minute, 200*time.Millisecond
	b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, patient)
	for n := range uint64(4) {
		b.Record(query(int(n)))
		until(t, "taken", func() bool { return b.Counts().Accepted == n+1 })
	}
	hangs.Store(true)
	until(t, "an echo that hangs, and others behind it", func() bool { _, some := b.echoes.next(); return some && echoes.Load() == 1 })
	until(t, "wiped", func() bool { _, some := b.echoes.next(); return !some })
	release()
	_ = b.Close()
	if n := echoes.Load(); n != 1 {
		t.Errorf("%d echoes", n)
	}
}

// TestTooOldForAnEcho: what the API took at the last moment is not kept for a second more.
func TestTooOldForAnEcho(t *testing.T) {
	url, _ := api(t, nil)
	b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, usual)
	all := newBatch()
	var raw report.Raw
	r := report.Record{Observation: query(1)}
	r.Put(&raw)
	all.add(raw[:], b.now()-usual.lastTry()-time.Second)
	b.remember(all)
	if _, some := b.echoes.next(); some || all.len() > 0 {
		t.Error("it is kept")
	}
	all.add(raw[:], b.now())
	b.remember(all)
	if _, some := b.echoes.next(); !some {
		t.Error("a young one is not kept")
	}
	_ = b.Close()
	if _, some := b.echoes.next(); some {
		t.Error("it is kept beyond the end")
	}
}

// TestForgetBatch: what is too old is wiped wherever it stands, and the rest is whole.
func TestForgetBatch(t *testing.T) {
	b := newBatch()
	var raw report.Raw
	for n, seen := range []time.Duration{5, 1, 7, 3, 9} {
		r := report.Record{Observation: query(n)}
		r.Put(&raw)
		b.add(raw[:], seen)
	}
	all := b.records
	if n, youngest := b.forget(5); n != 2 || youngest != 3 || b.len() != 3 || b.youngest() != 9 {
		t.Errorf("%d wiped, the youngest of %d; %v", n, youngest, b.seen)
	}
	for i, n := range []int{0, 2, 4} {
		if got := b.records[i*report.RecordSize:][:6]; !bytes.Equal(got, prefix(n)) {
			t.Errorf("%d: %s", i, got)
		}
	}
	if rest := all[3*report.RecordSize:]; !bytes.Equal(rest, make([]byte, len(rest))) {
		t.Error("what is forgotten is still there")
	}
	if n, _ := b.forget(1); n != 0 || b.len() != 3 {
		t.Errorf("%d wiped that are young", n)
	}
}

// TestAsks: an error that is left, with nothing lost and nothing to send, is asked about.
func TestAsks(t *testing.T) {
	o := &outage{answer: http.StatusServiceUnavailable}
	o.away.Store(true)
	url, table := api(t, o.handle)
	b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, hasty)
	defer b.Close()
	time.Sleep(2 * hasty.ask)
	if n := o.empty.Load(); n != 0 {
		t.Errorf("asked %d times while all is well", n)
	}
	b.mood.change(errRefused)
	until(t, "asked in vain", func() bool { return o.empty.Load() > 1 && b.Err() != nil })
	o.away.Store(false)
	until(t, "well again", func() bool { return b.Err() == nil })
	if table.Snapshot(token(1)).Full {
		t.Error("a loss was told that there was not")
	}
}

// TestRefusedHeals: a refusal is told to the operator, and does not last for longer than
// its reason.
func TestRefusedHeals(t *testing.T) {
	o := &outage{answer: http.StatusUnauthorized}
	o.away.Store(true)
	url, _ := api(t, o.handle)
	b := open(Options{URL: url, Keys: keys, Say: func(string) {}}, hasty)
	defer b.Close()
	b.Record(query(1))
	until(t, "refused", func() bool { return b.Counts().Refused == 1 && errors.Is(b.Err(), errRefused) })
	time.Sleep(2 * hasty.ask)
	if b.Err() == nil {
		t.Error("well while it is refused")
	}
	o.away.Store(false)
	until(t, "well again", func() bool { return b.Err() == nil })
}
