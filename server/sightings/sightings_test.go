package sightings

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"
)

func token(n int) Token {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	var t Token
	for i := range t {
		t[i] = digits[n%32]
		n /= 32
	}
	return t
}

func label(t testing.TB, s string) Label {
	t.Helper()
	l, ok := ParseLabel(s)
	if !ok {
		t.Fatalf("label %q", s)
	}
	return l
}

func observe(t testing.TB, k Token, l, resolver string, typ uint16) Observation {
	return Observation{Token: k, Label: label(t, l), Resolver: netip.MustParseAddr(resolver), Type: typ}
}

// clock is a time that the test moves.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

func TestParseToken(t *testing.T) {
	const good = "abcdefghijklmnopqrstuv2345"
	if k, ok := ParseToken(good); !ok || string(k[:]) != good {
		t.Error("a good token was refused")
	}
	for _, s := range []string{
		"", good[1:], good + "a", "A" + good[1:], "1" + good[1:], "8" + good[1:], "é" + good[2:], " " + good[1:], "{" + good[1:], "`" + good[1:],
	} {
		if _, ok := ParseToken(s); ok {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestParseLabel(t *testing.T) {
	for s, vector := range map[string]string{"f0": "f", "s9": "s", "x12": "x", "v99": "v", "t1": "t", "r3": "r", "p07": "p"} {
		if l, ok := ParseLabel(s); !ok || l.String() != s || l.Vector() != vector {
			t.Errorf("%q: %v, %q, %q", s, ok, l, l.Vector())
		}
	}
	for _, s := range []string{"", "f", "f123", "a0", "ff", "0f", "F0", "f-1", "f1x"} {
		if _, ok := ParseLabel(s); ok {
			t.Errorf("%q was taken", s)
		}
	}
	if (Label{}).String() != "" || (Label{}).Vector() != "" {
		t.Error("the zero label is not empty")
	}
}

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
	for i := range s.slab {
		if e := s.slab[i]; e.key.label == label(t, "f1") {
			t.Error("a forgotten entry is still in memory")
		}
	}
	if len(tab.Snapshot(token(1)).Sightings) != 0 || len(tab.Snapshot(token(2)).Sightings) != 1 {
		t.Error("forgot the wrong one")
	}
	c.t = c.t.Add(Kept)
	tab.Sweep()
	if s.slab != nil || s.ring != nil || s.byToken != nil {
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

func TestBounds(t *testing.T) {
	tab := New(Options{Tokens: 3, Entries: 2, Shards: 1})
	for i := range 5 {
		tab.Record(observe(t, token(i), "f0", "192.0.2.1", 1))
	}
	for i := range 5 {
		if got, want := len(tab.Snapshot(token(i)).Sightings) == 1, i >= 2; got != want {
			t.Errorf("token %d: kept %v, want %v: the oldest goes first", i, got, want)
		}
	}
	for i := range 10 {
		tab.Record(observe(t, token(4), fmt.Sprint("f", i), "192.0.2.1", 1))
	}
	if n := len(tab.Snapshot(token(4)).Sightings); n != 2 {
		t.Errorf("%d entries under a token, want 2", n)
	}
	if !tab.Snapshot(token(4)).Full || tab.Snapshot(token(3)).Full {
		t.Error("the token that is full is not told from the one that is not")
	}
	for typ := range uint16(100) {
		tab.Record(observe(t, token(4), "f0", "192.0.2.1", typ))
	}
	if n := len(tab.Snapshot(token(4)).Sightings[0].Types); n != maxTypes {
		t.Errorf("%d types, want %d", n, maxTypes)
	}
}

// TestSlab fills the shared slab: the oldest session pays, the asker never.
func TestSlab(t *testing.T) {
	tab := New(Options{Tokens: 4, Entries: 16, Shards: 1})
	for i := range 16 { // takes all of the slab
		tab.Record(observe(t, token(1), fmt.Sprint("f", i), "192.0.2.1", 1))
	}
	if n := len(tab.Snapshot(token(1)).Sightings); n != 16 {
		t.Fatalf("%d entries, want 16", n)
	}
	if tab.Snapshot(token(1)).Full {
		t.Error("full before anything was dropped")
	}
	tab.Record(observe(t, token(2), "f0", "192.0.2.1", 1))
	if len(tab.Snapshot(token(1)).Sightings) != 0 || len(tab.Snapshot(token(2)).Sightings) != 1 {
		t.Error("the oldest did not make room")
	}
}

func TestSubscribe(t *testing.T) {
	tab := New(Options{Tokens: 2, Shards: 1})
	k := token(1)
	early := tab.Subscribe(k)
	defer early.Close()
	if len(early.Next().Sightings) != 0 || len(tab.shards[0].byToken) != 0 {
		t.Fatal("subscribing made something")
	}
	tab.Record(observe(t, k, "f0", "192.0.2.1", 1))
	<-early.Wake()
	late := tab.Subscribe(k)
	for _, sub := range []*Subscription{early, late} {
		if l := sub.Next().Sightings; len(l) != 1 || l[0].Label != label(t, "f0") {
			t.Fatalf("got %v", l)
		}
	}
	tab.Record(observe(t, k, "f0", "192.0.2.1", 1)) // nothing new
	select {
	case <-early.Wake():
		t.Error("woken for nothing")
	default:
	}
	tab.Record(observe(t, k, "f0", "192.0.2.1", 28))
	tab.Record(observe(t, k, "f1", "192.0.2.1", 1))
	<-early.Wake()
	if l := early.Next().Sightings; len(l) != 2 || len(l[0].Types) != 2 {
		t.Errorf("got %v, want the entry that grew and the new one", l)
	}
	for i := 10; i < 13; i++ { // push k out, then bring it back
		tab.Record(observe(t, token(i), "f0", "192.0.2.1", 1))
	}
	tab.Record(observe(t, k, "f5", "192.0.2.1", 1))
	if l := early.Next().Sightings; len(l) != 1 || l[0].Label != label(t, "f5") {
		t.Errorf("after eviction: got %v", l)
	}
	late.Close()
	early.Close()
	if len(tab.shards[0].subs) != 0 {
		t.Error("a closed subscription is still there")
	}
}

// TestFull: what is dropped is told once, by waking whoever reads.
func TestFull(t *testing.T) {
	tab := New(Options{Shards: 1})
	k := token(1)
	sub := tab.Subscribe(k)
	defer sub.Close()
	for i := range defaultEntries {
		o := observe(t, k, "f0", "192.0.2.1", 1)
		o.Resolver = netip.AddrFrom4([4]byte{198, 51, 100, byte(i)})
		tab.Record(o)
	}
	<-sub.Wake()
	if n := sub.Next(); len(n.Sightings) != defaultEntries || n.Full {
		t.Fatalf("%d sightings, full: %v", len(n.Sightings), n.Full)
	}
	tab.Record(observe(t, k, "f1", "192.0.2.1", 1))
	<-sub.Wake()
	if n := sub.Next(); len(n.Sightings) != 0 || !n.Full || n.Empty() {
		t.Errorf("got %+v, want only that it is full", n)
	}
	tab.Record(observe(t, k, "f2", "192.0.2.1", 1))
	if len(sub.Wake()) != 0 || !sub.Next().Empty() {
		t.Error("told twice")
	}
	tab.Record(observe(t, k, "f0", "198.51.100.0", 28)) // what is known still grows
	if n := sub.Next(); len(n.Sightings) != 1 || n.Full {
		t.Errorf("got %+v", n)
	}
}

// TestMemory: a token costs what it uses, not what it may use.
func TestMemory(t *testing.T) {
	const most = 600
	size := entriesPerToken*unsafe.Sizeof(entry{}) + unsafe.Sizeof(session{}) + TokenLen + 8
	if size > most {
		t.Errorf("a token that uses its share costs %d bytes, want at most %d", size, most)
	}
	tab := New(Options{Shards: 1})
	tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
	if n := len(tab.shards[0].slab); n != 1 {
		t.Errorf("one sighting takes %d entries", n)
	}
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

func BenchmarkRecord(b *testing.B) {
	tab := New(Options{})
	o := observe(b, token(0), "f0", "192.0.2.1", 1)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		o.Token = token(i / 8)
		o.Label = Label{'f', byte('0' + i%8)}
		tab.Record(o)
	}
}
