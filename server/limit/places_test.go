package limit

import (
	"fmt"
	"net/netip"
	"testing"
)

// TestOneCustomer: who has a whole /56, and makes connections from each /64 of it, gets a
// prefix's share and no more; so does a /24. Others still come in.
func TestOneCustomer(t *testing.T) {
	p := NewPlaces(12_000, 512)
	for name, at := range map[string]func(i int) string{
		"a /56": func(i int) string { return fmt.Sprintf("2001:db8:0:%x::%x", 0x1100+i%256, i) },
		"a /24": func(i int) string { return fmt.Sprintf("192.0.2.%d", i%256) },
	} {
		in := 0
		for i := range 12_000 {
			if _, ok := p.Enter(netip.MustParseAddr(at(i))); ok {
				in++
			}
		}
		if in != 1024 {
			t.Errorf("%s has %d places", name, in)
		}
	}
	for _, other := range []string{"2001:db8:0:1200::1", "192.0.3.1"} {
		if _, ok := p.Enter(netip.MustParseAddr(other)); !ok {
			t.Errorf("%s is kept out", other)
		}
	}
	if n := NewPlaces(8192, 128).each; n != [2]int{128, 512} {
		t.Errorf("of streams: %v", n)
	}
}

// TestPlaces: each bound by itself, and what leaves makes room.
func TestPlaces(t *testing.T) {
	p := NewPlaces(4, 2)
	var leave []func()
	enter := func(a string, want bool) {
		t.Helper()
		out, ok := p.Enter(netip.MustParseAddr(a))
		if ok != want {
			t.Errorf("%s: %v", a, ok)
		}
		if ok {
			leave = append(leave, out)
		}
	}
	enter("2001:db8::1", true)
	enter("2001:db8::2", true)
	enter("2001:db8::3", false) // the same /64
	enter("2001:db8:0:1::3", true)
	enter("192.0.2.1", true)
	enter("192.0.3.1", false) // four in all
	if n, owners := p.Taken(); n != 4 || owners != 5 {
		t.Errorf("%d places of %d owners", n, owners)
	}
	for _, out := range leave {
		out()
	}
	if n, owners := p.Taken(); n != 0 || owners != 0 {
		t.Errorf("%d places of %d owners are left", n, owners)
	}
	for range 2 {
		enter("127.0.0.1", true)
		enter("127.0.0.2", true)
	}
}
