package sightings

import (
	"fmt"
	"net/netip"
	"testing"
)

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
