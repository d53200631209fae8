package sightings

import (
	"testing"
)

func TestSubscribe(t *testing.T) {
	tab := New(Options{Tokens: 2, Shards: 1})
	k := token(1)
	early := tab.Subscribe(k)
	defer early.Close()
	if len(early.Next().Sightings) != 0 || tab.shards[0].index.used != 0 {
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
