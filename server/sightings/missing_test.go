package sightings

import (
	"testing"
	"time"
)

// TestMiss: who follows a token when something is missing is told, once; who begins to
// read within the time that a stream lives is told; after that nobody is.
func TestMiss(t *testing.T) {
	c := &clock{time.Unix(1000, 0)}
	tab := New(Options{Now: c.now})
	tab.Record(observe(t, token(1), "f0", "192.0.2.1", 1))
	known, unknown, unread := tab.Subscribe(token(1)), tab.Subscribe(token(2)), tab.Subscribe(token(3))
	for _, sub := range []*Subscription{known, unknown, unread} {
		defer sub.Close()
	}
	if n := known.Next(); n.Full || len(n.Sightings) != 1 || unknown.Next().Full || tab.Snapshot(token(4)).Full {
		t.Fatalf("before that: %+v", n)
	}
	for range 2 { // the second is of a loss that goes on
		tab.Miss(c.t.Add(-time.Second))
		for name, sub := range map[string]*Subscription{"known": known, "unknown": unknown} {
			if len(sub.Wake()) != 1 && !sub.read.told {
				t.Errorf("%s: not woken", name)
			}
			told := sub.read.told
			if n := sub.Next(); n.Full == told || len(n.Sightings) != 0 {
				t.Errorf("%s: told %v, and now %+v", name, told, n)
			}
		}
	}
	if n := unread.Next(); !n.Full || !unread.Next().Empty() {
		t.Errorf("nothing read yet: %+v", n)
	}
	c.t = c.t.Add(lostKept - time.Second - 1)
	later := tab.Subscribe(token(5))
	defer later.Close()
	if !later.Next().Full || !tab.Snapshot(token(1)).Full || !tab.Snapshot(token(6)).Full {
		t.Error("who begins to read meanwhile is not told")
	}
	c.t = c.t.Add(time.Second)
	if tab.Snapshot(token(1)).Full || tab.Snapshot(token(6)).Full {
		t.Error("told for ever")
	}
	tab.Miss(c.t.Add(-lostKept)) // a node that could not say so for long
	if tab.Snapshot(token(6)).Full || len(later.Wake()) != 0 {
		t.Error("told of what nobody can have asked for")
	}
}
