package limit

import (
	"net/netip"
	"testing"
	"time"
)

// TestForget: who has rested is not remembered, who has not is not let off.
func TestForget(t *testing.T) {
	c := &clock{now: time.Hour}
	p := NewPrefixes(Rate{PerSecond: 2, Burst: 4}, c.get)
	rested, busy := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for range 9 {
		p.Allow(rested)
	}
	c.now += 1500 * time.Millisecond
	for range 9 {
		p.Allow(busy)
	}
	p.Forget()
	if n := p.Known(); n != 2 {
		t.Errorf("%d are known, want both", n)
	}
	c.now += time.Second
	p.Forget()
	if n := p.Known(); n != 1 {
		t.Errorf("%d are known, want the busy one", n)
	}
	got := 0
	for range 9 {
		if p.Allow(busy) {
			got++
		}
	}
	if got != 2 {
		t.Errorf("the busy one got %d, want what a second gives", got)
	}
}
