package limit

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a time that the test moves.
type clock struct{ now time.Duration }

func (c *clock) get() time.Duration { return c.now }

func TestBudget(t *testing.T) {
	c := &clock{now: time.Hour}
	b := NewBudget(Rate{PerSecond: 10, Burst: 3}, c.get)
	count := func() (n int) {
		for b.Take() {
			n++
		}
		return n
	}
	for _, test := range []struct {
		after time.Duration
		want  int
	}{{0, 3}, {0, 0}, {99 * time.Millisecond, 0}, {time.Millisecond, 1}, {250 * time.Millisecond, 2}, {50 * time.Millisecond, 1}, {time.Hour, 3}, {-time.Hour, 0}} {
		c.now += test.after
		if got := count(); got != test.want {
			t.Errorf("after %v: %d, want %d", test.after, got, test.want)
		}
	}
}

func TestPrefixes(t *testing.T) {
	c := new(clock)
	p := NewPrefixes(Rate{PerSecond: 2, Burst: 4}, c.get)
	allowed := func(addrs ...string) (n int) {
		for range 10 {
			for _, a := range addrs {
				if p.Allow(netip.MustParseAddr(a)) {
					n++
				}
			}
		}
		return n
	}
	for i, test := range []struct {
		addrs []string
		want  int
	}{
		{[]string{"192.0.2.1", "192.0.2.255", "::ffff:192.0.2.7"}, 4}, // one /24
		{[]string{"192.0.3.1"}, 4},
		{[]string{"2001:db8:0:1::1", "2001:db8:0:ff::2"}, 4}, // one /56
		{[]string{"2001:db8:0:100::1"}, 4},
		{[]string{"::c000:201"}, 4}, // not 192.0.2.1
		{[]string{"127.0.0.1", "::1", "::ffff:127.0.0.1"}, 30},
		{[]string{"192.0.2.1"}, 0},
	} {
		if got := allowed(test.addrs...); got != test.want {
			t.Errorf("%d: %v: %d, want %d", i, test.addrs, got, test.want)
		}
	}
	c.now += time.Second
	if got := allowed("192.0.2.9"); got != 2 {
		t.Errorf("a second later: %d, want 2", got)
	}
	if off := NewPrefixes(Rate{}, c.get); !off.Allow(netip.MustParseAddr("192.0.2.1")) {
		t.Error("a rate of zero is no limit")
	}
}

// TestReaders: those who read the clock at different times get together what one gets
// who reads it always.
func TestReaders(t *testing.T) {
	const perSecond, burst, readers, late = 1000, 10, 4, 5 * time.Millisecond
	p := NewPrefixes(Rate{PerSecond: perSecond, Burst: burst}, func() time.Duration { return 0 })
	busy := netip.MustParseAddr("192.0.2.1")
	got := 0
	for now := time.Hour; now < time.Hour+time.Second; now += time.Millisecond {
		for reader := range time.Duration(readers) {
			for range 3 {
				if p.AllowAt(busy, now-reader*late) {
					got++
				}
			}
		}
	}
	if want := burst + perSecond; got < want-burst || got > want {
		t.Errorf("%d in a second, want %d", got, want)
	}
}

// TestFlood: a flood from everywhere takes no more memory, and does not free the
// one who is busy meanwhile.
func TestFlood(t *testing.T) {
	c := new(clock)
	p := NewPrefixes(Rate{PerSecond: 1, Burst: 10}, c.get)
	busy := netip.MustParseAddr("192.0.2.1")
	got := 0
	for i := range uint32(4 * sets * ways) {
		c.now += time.Microsecond
		p.Allow(netip.AddrFrom4([4]byte{byte(10 + i>>16), byte(i >> 8), byte(i), 0}))
		if p.Allow(busy) {
			got++
		}
	}
	if got > 11 {
		t.Errorf("the busy one got %d", got)
	}
}

func TestConcurrent(t *testing.T) {
	p := NewPrefixes(Rate{PerSecond: 1e-9, Burst: 100}, Since(time.Now()))
	var got atomic.Int64
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for i := range byte(100) {
				if p.Allow(netip.AddrFrom4([4]byte{192, 0, 2, i})) {
					got.Add(1)
				}
			}
		})
	}
	wait.Wait()
	if got.Load() != 100 {
		t.Errorf("%d got through, want 100", got.Load())
	}
}

func BenchmarkAllow(b *testing.B) {
	p := NewPrefixes(Rate{PerSecond: 1000, Burst: 2000}, Since(time.Now()))
	b.ReportAllocs()
	for i := uint32(0); b.Loop(); i++ {
		p.Allow(netip.AddrFrom4([4]byte{192, byte(i >> 8), byte(i), 1}))
	}
}
