package report

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"watertight/server/sightings"
)

// clocked is a receiver with a clock that a test moves.
func clocked() (*Receiver, *sightings.Table, *time.Time) {
	now := head.Time
	clock := func() time.Time { return now }
	table := sightings.New(sightings.Options{Now: clock})
	return NewReceiver(table, clock), table, &now
}

func batch(t *testing.T, sequence uint64, at time.Time, records ...Record) Batch {
	t.Helper()
	h := head
	h.Sequence, h.Time = sequence, at
	b, err := Parse(Append(nil, h, raw(records...)))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func code(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// TestAnyOrder: batches that come in any order, and some of them twice, make one table.
func TestAnyOrder(t *testing.T) {
	r, table, now := clocked()
	const n = 500
	var order []uint64
	for i := range uint64(n) {
		order = append(order, i+1)
		if i%3 == 0 {
			order = append(order, i+1)
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	came, twice := 0, 0
	for _, s := range order {
		record := query(tok)
		record.Type = uint16(s % 3)
		record.Label, _ = sightings.ParseLabel("f" + string(rune('0'+s%10)))
		isNew, err := r.Accept(batch(t, s, *now, record))
		if err != nil {
			t.Fatal(err)
		}
		if isNew {
			came++
		} else {
			twice++
		}
	}
	news := table.Snapshot(token(tok))
	if came != n || twice != len(order)-n || len(news.Sightings) != 10 || news.Full {
		t.Errorf("%d new, %d again, %d sightings", came, twice, len(news.Sightings))
	}
	for _, s := range news.Sightings {
		if len(s.Types) != 3 {
			t.Errorf("%s: types %v", s.Label, s.Types)
		}
	}
}

// TestReplay: what has been taken once does not come back when the table has forgotten
// it, however long somebody waits.
func TestReplay(t *testing.T) {
	r, table, now := clocked()
	first := batch(t, 1, now.Add(MaxSkew), query(tok)) // of a clock that is ahead: the worst case
	if isNew, err := r.Accept(first); err != nil || !isNew {
		t.Fatal(err)
	}
	for past := time.Duration(0); past < time.Hour; past += 10 * time.Second {
		*now = now.Add(10 * time.Second)
		r.Nodes() // drops boots that are due
		if isNew, err := r.Accept(first); isNew {
			t.Fatalf("taken again after %v: %v", past, err)
		}
	}
	if !table.Snapshot(token(tok)).Empty() {
		t.Error("the table has something")
	}
	if n := r.Nodes(); n != 0 {
		t.Errorf("%d boots are remembered for ever", n)
	}
	old := batch(t, 2, *now, query(tok))
	if _, err := r.Accept(batch(t, 2+windowSize, *now)); err != nil {
		t.Fatal(err)
	}
	if isNew, err := r.Accept(old); isNew || code(err) != "replayed" || !table.Snapshot(token(tok)).Empty() {
		t.Errorf("older than the window: %v %v", isNew, err)
	}
	if isNew, err := r.Accept(batch(t, 3, *now, query(tok))); !isNew || err != nil {
		t.Errorf("the oldest of the window: %v", err)
	}
}

// TestWindow compares with a set.
func TestWindow(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var w window
	top, seen := uint64(0), map[uint64]bool{}
	for range 50_000 {
		n := max(1, top+uint64(random.IntN(200))-uint64(random.IntN(int(min(top+1, 5000)))))
		if random.IntN(2000) == 0 {
			n = top + uint64(random.IntN(3*windowSize))
		}
		want := fresh
		switch {
		case n+windowSize <= top:
			want = tooOld
		case seen[n]:
			want = again
		}
		if got := w.enter(n); got != want {
			t.Fatalf("%d below %d: %v, want %v", n, top, got, want)
		}
		seen[n], top = true, max(top, n)
	}
}

// TestSkew: five minutes either way, and beyond it the message says how much.
func TestSkew(t *testing.T) {
	r, table, now := clocked()
	for i, test := range []struct {
		off  time.Duration
		want string
	}{
		{MaxSkew, ""}, {-MaxSkew, ""},
		{MaxSkew + time.Second, "301 s ahead of"}, {-MaxSkew - time.Second, "301 s behind"}, {-24 * time.Hour, "86400 s behind"},
	} {
		_, err := r.Accept(batch(t, uint64(i+1), now.Add(test.off), query(tok)))
		if (test.want == "") != (err == nil) || err != nil && (code(err) != "clock" || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%v: %v", test.off, err)
		}
	}
	*now = now.Add(sightings.Kept)
	if _, err := r.Accept(batch(t, 9, now.Add(-MaxSkew-time.Second), query(tok))); err == nil || !table.Snapshot(token(tok)).Empty() {
		t.Errorf("%v, and something was written", err)
	}
}

// TestManyNodes: what a thief of a key could fill is bounded, and others go on.
func TestManyNodes(t *testing.T) {
	r, _, now := clocked()
	send := func(n int) error {
		h := Header{Boot: [8]byte{byte(n), byte(n >> 8)}, Sequence: 1, Time: *now}
		b, err := Parse(Append(nil, h, nil))
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Accept(b)
		return err
	}
	for n := range maxBoots {
		if err := send(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := send(maxBoots); code(err) != "too-many-nodes" {
		t.Errorf("%v", err)
	}
	if err := send(0); err != nil {
		t.Errorf("one that is known: %v", err)
	}
	*now = now.Add(bootKept + time.Second)
	if err := send(maxBoots); err != nil || r.Nodes() != 1 {
		t.Errorf("%v, %d nodes", err, r.Nodes())
	}
}

// TestMissingIsTold: what a node has lost is told to the readers of its time, once, and
// what it lost long ago to nobody.
func TestMissingIsTold(t *testing.T) {
	r, table, now := clocked()
	sub := table.Subscribe(token(tok))
	defer sub.Close()
	sequence := uint64(0)
	lost := func(age time.Duration) Batch {
		sequence++
		h := head
		h.Sequence, h.Time, h.Missing = sequence, now.Add(-time.Minute), MissingSince(age) // of a slow clock
		b, err := Parse(Append(nil, h, nil))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	take := func(b Batch, wantNew, wantFull bool) {
		t.Helper()
		if isNew, err := r.Accept(b); isNew != wantNew || err != nil {
			t.Errorf("%v %v", isNew, err)
		}
		if got := sub.Next().Full; got != wantFull {
			t.Errorf("full: %v", got)
		}
	}
	take(lost(10*time.Minute), true, false)
	b := lost(3 * time.Second)
	take(b, true, true)
	take(b, false, false)
	take(lost(0), true, false)
	if !table.Snapshot(token(tok2)).Full {
		t.Error("who reads for the first time is not told")
	}
	*now = now.Add(sightings.Kept)
	take(b, false, false)
	if table.Snapshot(token(tok2)).Full {
		t.Error("told for ever")
	}
}
