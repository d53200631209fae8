package sightings

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestPaths(t *testing.T) {
	tab := New(Options{Entries: 2, Shards: 1})
	k := token(1)
	sub := tab.Subscribe(k)
	defer sub.Close()
	a := Path{UDP, netip.MustParseAddr("198.51.100.10")}
	tab.RecordPath(k, a)
	<-sub.Wake()
	if n := sub.Next(); fmt.Sprint(n) != fmt.Sprint(News{Paths: []Path{a}}) {
		t.Errorf("got %v", n)
	}
	tab.RecordPath(k, Path{UDP, netip.MustParseAddr("::ffff:198.51.100.10")}) // the same
	tab.RecordPath(k, Path{})
	if !sub.Next().Empty() || len(sub.Wake()) != 0 {
		t.Error("a path that is known was told again")
	}
	tab.RecordPath(k, Path{TCP, a.Address})
	tab.Record(observe(t, k, "f0", "198.51.100.10", 1)) // same address, another thing
	if n := sub.Next(); len(n.Paths) != 1 || n.Paths[0].Transport != TCP || len(n.Sightings) != 1 {
		t.Errorf("got %v", n)
	}
}

// TestPathBounds: paths and sightings have bounds of their own.
func TestPathBounds(t *testing.T) {
	tab := New(Options{Entries: 2, Shards: 1})
	k := token(1)
	for i := range byte(100) {
		tab.RecordPath(k, Path{UDP, netip.AddrFrom4([4]byte{192, 0, 2, i})})
	}
	for i := range 5 {
		tab.Record(observe(t, k, fmt.Sprint("f", i), "192.0.2.1", 1))
	}
	if n := tab.Snapshot(k); len(n.Paths) != maxPaths || len(n.Sightings) != 2 || n.Paths[0].Address.String() != "192.0.2.0" || !n.Full {
		t.Errorf("%d paths and %d sightings", len(n.Paths), len(n.Sightings))
	}
}
