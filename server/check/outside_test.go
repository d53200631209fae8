package check

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestCame: only a visit from another machine is a look from outside.
func TestCame(t *testing.T) {
	own := netip.MustParseAddr("192.0.2.1")
	const far, four, tcp, near, home = "198.51.100.53", "udp", "tcp", "127.0.0.1", "192.0.2.1"
	for _, test := range []struct {
		visits    []visit
		transport string
		family    int
		want      string
	}{
		{[]visit{{far, four, 4}}, "udp", 0, "ok: x: a resolver elsewhere came"},
		{[]visit{{near, four, 4}, {far, four, 4}}, "udp", 0, "ok: x: a resolver elsewhere came"},
		{[]visit{{far, four, 4}}, "tcp", 0, "did not come that way"},
		{[]visit{{far, tcp, 4}}, "", 6, "did not come that way"},
		{[]visit{{"2001:db8::53", tcp, 6}}, "", 6, "ok: x"},
		{[]visit{{near, four, 4}}, "udp", 0, "on this machine or beside it"},
		{[]visit{{home, four, 4}}, "udp", 0, "on this machine or beside it"},
		{[]visit{{"10.0.0.2", four, 4}}, "udp", 0, "on this machine or beside it"},
		{[]visit{{"rubbish", four, 4}}, "udp", 0, "did not come that way"},
		{nil, "udp", 0, "did not come that way"},
	} {
		var got Line
		r := &run{Config: Config{Here: func(a netip.Addr) bool { return a == own }}, tell: func(l Line) { got = l }}
		r.came(test.visits, test.transport, test.family, "x")
		if !strings.Contains(got.String(), test.want) {
			t.Errorf("%v %s %d: %s, want %s", test.visits, test.transport, test.family, got, test.want)
		}
	}
}

// TestReached: an answer from another machine is an answer from outside.
func TestReached(t *testing.T) {
	at := netip.MustParseAddrPort("192.0.2.1:53")
	for here, want := range map[bool]State{true: Unknown, false: OK} {
		var got Line
		r := &run{Config: Config{Here: func(netip.Addr) bool { return here }}, tell: func(l Line) { got = l }}
		r.reached(at, "x")
		if got.State != want {
			t.Errorf("here %v: %s", here, got)
		}
		r.silent(at, "dns", "udp", "x", errNoAnswer)
		if got.State != Wrong || strings.Contains(got.Mend, "firewall") == here {
			t.Errorf("here %v: %s", here, got)
		}
	}
}

// TestClock: two clocks that differ, and one that nothing keeps.
func TestClock(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		date string
		want State
	}{{"Fri, 02 Jan 2026 03:04:03 GMT", OK}, {"Fri, 02 Jan 2026 03:05:05 GMT", Wrong}} {
		var got Line
		r := &run{Config: Config{Now: func() time.Time { return now }, Here: func(netip.Addr) bool { return false }}, tell: func(l Line) { got = l }}
		r.sameClock(netip.MustParseAddrPort("192.0.2.1:443"), test.date)
		if got.State != test.want {
			t.Errorf("%s: %s", test.date, got)
		}
	}
	for _, test := range []struct {
		kept, known bool
		want        State
	}{{true, true, OK}, {false, true, Unknown}, {false, false, Unknown}} {
		var got Line
		r := &run{Config: Config{Now: time.Now, Clock: func() (bool, bool) { return test.kept, test.known }}, ctx: context.Background(), tell: func(l Line) { got = l }}
		r.clock()
		if got.State != test.want {
			t.Errorf("%v %v: %s", test.kept, test.known, got)
		}
	}
}

// TestNewToken: the server must take it for one.
func TestNewToken(t *testing.T) {
	if a := newToken(); len(a) != 26 || strings.Trim(a, "abcdefghijklmnopqrstuvwxyz234567") != "" || a == newToken() {
		t.Error(a)
	}
}
