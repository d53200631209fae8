package sightings

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestMerge(t *testing.T) {
	tab := New(Options{})
	k := token(1)
	o := observe(t, k, "f0", "198.51.100.53", 28)
	tab.Record(o)
	o.Type = 1
	o.EDNS = EDNS{Present: true, Size: 1232, DO: true}
	tab.Record(o)
	o.EDNS = EDNS{Present: true, Size: 512, Cookie: true}
	o.ECS = netip.MustParsePrefix("203.0.113.0/24")
	tab.Record(o)
	o.Resolver = netip.MustParseAddr("::ffff:198.51.100.53") // the same host
	tab.Record(o)
	o.Transport = TCP
	tab.Record(o)
	tab.Record(observe(t, k, "f1", "2001:db8::53", 1))

	got := fmt.Sprint(tab.Snapshot(k).Sightings)
	want := fmt.Sprint([]Sighting{
		{label(t, "f0"), netip.MustParseAddr("198.51.100.53"), UDP, []uint16{1, 28}, EDNS{true, 1232, true, true}, netip.MustParsePrefix("203.0.113.0/24")},
		{label(t, "f0"), netip.MustParseAddr("198.51.100.53"), TCP, []uint16{1}, EDNS{true, 512, false, true}, netip.MustParsePrefix("203.0.113.0/24")},
		{label(t, "f1"), netip.MustParseAddr("2001:db8::53"), UDP, []uint16{1}, EDNS{}, netip.Prefix{}},
	})
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(tab.Snapshot(token(2)).Sightings) != 0 {
		t.Error("an unknown token has sightings")
	}
}

func TestForgets(t *testing.T) {
	c := &clock{time.Unix(1e9, 0)}
	tab := New(Options{Now: c.now, Shards: 1})
	tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
	c.t = c.t.Add(Kept - time.Millisecond)
	tab.Record(observe(t, token(1), "f1", "192.0.2.1", 1)) // does not prolong
	tab.Record(observe(t, token(2), "f0", "192.0.2.1", 1))
	if n := len(tab.Snapshot(token(1)).Sightings); n != 2 {
		t.Fatalf("%d sightings before the end, want 2", n)
	}
	if d := tab.Sweep(); d != time.Millisecond {
		t.Errorf("the next to be forgotten in %v, want 1ms", d)
	}
	c.t = c.t.Add(time.Millisecond)
	if d := tab.Sweep(); d != Kept-time.Millisecond {
		t.Errorf("the next to be forgotten in %v", d)
	}
	s := &tab.shards[0]
	if s.used != 1 {
		t.Errorf("%d entries are in use, want 1", s.used)
	}
	for _, page := range s.slab.list {
		for _, e := range page {
			if e.key.label == label(t, "f1") {
				t.Error("a forgotten entry is still in memory")
			}
		}
	}
	if len(tab.Snapshot(token(1)).Sightings) != 0 || len(tab.Snapshot(token(2)).Sightings) != 1 {
		t.Error("forgot the wrong one")
	}
	c.t = c.t.Add(Kept)
	tab.Sweep()
	if s.slab.list != nil || s.sessions.list != nil || s.index.slots != nil {
		t.Error("an empty shard holds memory")
	}
}

// TestRun proves that nothing is left after two minutes though nobody asks.
func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tab := New(Options{Shards: 1})
		go tab.Run(t.Context())
		used := func() int {
			synctest.Wait()
			tab.shards[0].mu.Lock()
			defer tab.shards[0].mu.Unlock()
			return tab.shards[0].used
		}
		time.Sleep(37 * time.Second)
		tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
		time.Sleep(Kept - time.Second)
		if used() != 1 {
			t.Error("forgotten too early")
		}
		time.Sleep(time.Second + time.Millisecond)
		if used() != 0 {
			t.Error("not forgotten in time")
		}
	})
}

// TestConcurrent is for the race detector, and checks that every stream sees
// every sighting whatever the interleaving.
func TestConcurrent(t *testing.T) {
	tab := New(Options{})
	const tokens, labels = 20, 40
	var wait sync.WaitGroup
	for n := range tokens {
		wait.Go(func() {
			sub := tab.Subscribe(token(n))
			defer sub.Close()
			seen := make(map[Label]bool)
			for timeout := time.After(10 * time.Second); len(seen) < labels; {
				for _, s := range sub.Next().Sightings {
					seen[s.Label] = true
				}
				if len(seen) == labels {
					return
				}
				select {
				case <-sub.Wake():
				case <-timeout:
					t.Errorf("token %d: saw %d of %d", n, len(seen), labels)
					return
				}
			}
		})
		wait.Go(func() {
			for _, i := range rand.Perm(labels) {
				tab.Record(observe(t, token(n), fmt.Sprint("f", i), "192.0.2.1", 1))
				tab.Sweep()
			}
		})
	}
	wait.Wait()
}

// TestAt: what says when it came is kept from then on, and what does not, from now on.
func TestAt(t *testing.T) {
	c := &clock{t: time.Unix(1_800_000_000, 0)}
	tab := New(Options{Now: c.now})
	c.t = c.t.Add(time.Hour)
	early := observe(t, token(1), "f0", "192.0.2.1", 1)
	early.At = c.t.Add(-time.Second)
	tab.Record(early)
	tab.Record(observe(t, token(2), "f0", "192.0.2.1", 1))
	for _, test := range []struct {
		after    time.Duration
		one, two int
	}{{Kept - time.Second - 1, 1, 1}, {1, 0, 1}, {time.Second - 1, 0, 1}, {1, 0, 0}} {
		c.t = c.t.Add(test.after)
		if one, two := len(tab.Snapshot(token(1)).Sightings), len(tab.Snapshot(token(2)).Sightings); one != test.one || two != test.two {
			t.Errorf("after %v more: %d and %d", test.after, one, two)
		}
	}
}
