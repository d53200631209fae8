package sightings

import (
	"testing"
	"time"
)

// TestPushedOut: a token that a flood has pushed out is not answered as if nobody
// had asked; one that nobody asked for still is.
func TestPushedOut(t *testing.T) {
	c := &clock{time.Unix(1000, 0)}
	tab := New(Options{Tokens: 10, Shards: 1, Now: c.now})
	victim := token(1)
	tab.Record(observe(t, victim, "f0", "192.0.2.1", 1))
	for n := range 20 {
		tab.Record(observe(t, token(100+n), "f0", "192.0.2.1", 1))
	}
	if n := tab.Snapshot(victim); !n.Full || len(n.Sightings) != 0 {
		t.Errorf("pushed out: %+v", n)
	}
	if n := tab.Snapshot(token(2)); n.Full {
		t.Error("a token that was never there is told as full")
	}
	if n := tab.Snapshot(token(119)); n.Full || len(n.Sightings) != 1 {
		t.Errorf("a live token: %+v", n)
	}
	tab.Record(observe(t, victim, "f1", "192.0.2.1", 1)) // comes back, without what it had
	if n := tab.Snapshot(victim); !n.Full || len(n.Sightings) != 1 {
		t.Errorf("back again: %+v", n)
	}
	c.t = c.t.Add(lostKept - time.Second)
	if !tab.Snapshot(victim).Full {
		t.Error("forgotten too early")
	}
	c.t = c.t.Add(Kept)
	tab.Sweep()
	if l := &tab.shards[0].lost; tab.Snapshot(victim).Full || l.now != nil || l.before != nil {
		t.Error("remembered for too long")
	}
}

// TestPushedOutWhileFollowed: a stream that had read everything has lost nothing; one
// that had not is woken and told, once.
func TestPushedOutWhileFollowed(t *testing.T) {
	tab := New(Options{Tokens: 4, Shards: 1})
	read, unread := tab.Subscribe(token(1)), tab.Subscribe(token(2))
	defer read.Close()
	defer unread.Close()
	tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
	tab.Record(observe(t, token(2), "f0", "192.0.2.1", 1))
	if n := read.Next(); len(n.Sightings) != 1 || n.Full {
		t.Fatalf("%+v", n)
	}
	<-read.Wake()
	<-unread.Wake()
	for n := range 10 {
		tab.Record(observe(t, token(100+n), "f0", "192.0.2.1", 1))
	}
	if n := read.Next(); !n.Empty() || len(read.Wake()) != 0 {
		t.Errorf("lost nothing, and told %+v", n)
	}
	if len(unread.Wake()) != 1 {
		t.Error("not woken")
	}
	if n := unread.Next(); !n.Full || len(n.Sightings) != 0 {
		t.Errorf("lost all, and told %+v", n)
	}
	if n := unread.Next(); !n.Empty() {
		t.Errorf("told twice: %+v", n)
	}
	tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
	if n := read.Next(); len(n.Sightings) != 1 || n.Full {
		t.Errorf("after that: %+v", n)
	}
}

// TestFloodBound: no token is pushed out before the stated number of younger ones
// has come, however many entries each of them takes.
func TestFloodBound(t *testing.T) {
	const part = 16 // of the default table, with shards of the same size
	const stated = 240_000 / part
	for _, labels := range []int{1, 8} {
		tab := New(Options{Tokens: defaultTokens / part, Shards: defaultShards / part})
		live := make([]Token, 200)
		for i := range live {
			live[i] = token(1_000_000 + i)
			tab.Record(observe(t, live[i], "f0", "192.0.2.1", 1))
		}
		o := observe(t, token(0), "f0", "198.51.100.1", 1)
		for n := range stated / labels {
			o.Token = token(n)
			for i := range labels {
				o.Label = Label{'f', byte('0' + i)}
				tab.Record(o)
			}
		}
		for _, k := range live {
			if n := tab.Snapshot(k); len(n.Sightings) != 1 || n.Full {
				t.Fatalf("%d queries under %d tokens have pushed one out", stated, stated/labels)
			}
		}
	}
}

// TestLostFilter: never a miss, and few false alarms where the comment says so.
func TestLostFilter(t *testing.T) {
	var l lost
	l.seed = New(Options{}).seed
	const many = 19_000
	for n := range many {
		l.add(token(n), time.Duration(n)*time.Millisecond)
	}
	wrong := 0
	for n := range many {
		if !l.has(token(n), many*time.Millisecond) {
			t.Fatal("forgot one")
		}
		if l.has(token(many+n), many*time.Millisecond) {
			wrong++
		}
	}
	if wrong > many/13 { // 1,203 are expected, give or take 34
		t.Errorf("%d false alarms of %d", wrong, many)
	}
	if end := many*time.Millisecond + 2*lostKept; l.has(token(1), end) {
		t.Error("remembered for too long")
	}
}

// TestHeir: what was seen before a table was lost is not known to the next one, which says so to everybody, also to
// who asks for a token that it has seen itself, and until what was lost would have been forgotten anyway.
func TestHeir(t *testing.T) {
	c := &clock{time.Unix(1000, 0)}
	tab := New(Options{Heir: true, Now: c.now})
	tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
	sub := tab.Subscribe(token(1))
	defer sub.Close()
	if n := sub.Next(); !n.Full || len(n.Sightings) != 1 {
		t.Errorf("a token that was seen: %+v", n)
	}
	if n := sub.Next(); !n.Empty() {
		t.Errorf("told twice: %+v", n)
	}
	if n := tab.Snapshot(token(2)); !n.Full {
		t.Error("a token that may have been seen is told as one that was not")
	}
	c.t = c.t.Add(Kept)
	if n := tab.Snapshot(token(2)); n.Full {
		t.Error("told after everything that was lost would have been forgotten")
	}
}
