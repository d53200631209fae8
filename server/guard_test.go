package main

import (
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/stun/v3"

	"watertight/server/authdns"
	"watertight/server/sightings"
	"watertight/server/tcp"
	"watertight/server/turnd"
)

// TestGuard: over the limit DNS is truncated and STUN silent, each by itself, and
// other prefixes notice nothing.
func TestGuard(t *testing.T) {
	q := new(dns.Msg)
	q.SetQuestion("f0."+tok+".watertight.test.", dns.TypeA)
	query, _ := q.Pack()
	binding := stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw
	const answered, truncated, silent = "answered", "truncated", "silent"
	full := func(dst, _ []byte, _ netip.AddrPort) []byte { return append(dst, answered...) }
	timed := func(dst, _ []byte, _ netip.AddrPort, _ time.Time) []byte { return append(dst, answered...) }
	proven := func(_ []byte, from netip.Addr) bool { return from.String() == "192.0.2.53" }
	ask := func(g guard, packet []byte, from string) string {
		out := split(g.stun(full), g.dns(timed, proven))(nil, packet, netip.AddrPortFrom(netip.MustParseAddr(from), 53), time.Now())
		var m dns.Msg
		switch {
		case string(out) == answered:
			return answered
		case out == nil:
			return silent
		case m.Unpack(out) == nil && m.Truncated:
			return truncated
		}
		return "garbage"
	}
	spoken := tcp.Protocol{Answer: full}
	g := newGuard(10, newCounts())
	for range 10 * burst {
		if got := ask(g, query, "192.0.2.1"); got != answered {
			t.Fatal(got)
		}
	}
	for i, test := range []struct {
		packet     []byte
		from, want string
	}{
		{query, "192.0.2.2", truncated}, {binding, "192.0.2.2", answered}, {query, "192.0.3.1", answered}, {query, "2001:db8::1", answered}, {query, "192.0.2.53", answered},
	} {
		if got := ask(g, test.packet, test.from); got != test.want {
			t.Errorf("%d: %s from %s", i, got, test.from)
		}
	}
	for range 10 * burst {
		ask(g, binding, "192.0.2.2")
	}
	if got := ask(g, binding, "192.0.2.2"); got != silent {
		t.Errorf("STUN is %s", got)
	}
	for range 10*burst - 1 { // and who was told to come by TCP can: one came with a cookie
		if got := string(g.stream(spoken).Answer(nil, query, netip.MustParseAddrPort("192.0.2.1:53"))); got != answered {
			t.Fatalf("by TCP: %q", got)
		}
	}
	off := newGuard(0, newCounts())
	for range 5000 {
		if got := ask(off, query, "192.0.2.1"); got != answered {
			t.Fatalf("without a limit: %s", got)
		}
	}
}

// TestRateOverTCP: what one prefix can ask over TCP has an end too, whether it asks for
// names or for paths; its connections are closed, nobody else's.
func TestRateOverTCP(t *testing.T) {
	seen := 0
	zone, err := authdns.New(authdns.Config{Zone: "watertight.test", IPv4: netip.MustParseAddr("203.0.113.53"), Record: func(sightings.Observation) { seen++ }})
	if err != nil {
		t.Fatal(err)
	}
	n := newCounts()
	s := &server{counts: n, guard: newGuard(10, n)}
	names, turns := s.streams(zone, turnd.New(func(sightings.Token, sightings.Path) {}))
	next := probes(t, "0011223344556677")
	for range 1000 {
		names.Answer(nil, next(), netip.MustParseAddrPort("192.0.2.1:4000"))
	}
	if seen < 10*burst || seen > 10*burst+10 { // a second more, should this take so long
		t.Errorf("%d made-up tokens were noted", seen)
	}
	binding := stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw
	if out := turns.Answer(nil, binding, netip.MustParseAddrPort("192.0.2.2:4000")); out != nil {
		t.Error("TURN answers a prefix that is over its rate")
	}
	for _, other := range []string{"192.0.3.1:4000", "[2001:db8::1]:4000", "127.0.0.1:4000"} {
		if turns.Answer(nil, binding, netip.MustParseAddrPort(other)) == nil || names.Answer(nil, next(), netip.MustParseAddrPort(other)) == nil {
			t.Errorf("%s is refused", other)
		}
	}
	if n.ended.Count() < 900 || n.dns[sightings.TCP].asked.Count() < 1000 {
		t.Errorf("counted %d and %d", n.ended.Count(), n.dns[sightings.TCP].asked.Count())
	}
	answer := s.guard.dns(func(dst, _ []byte, _ netip.AddrPort, _ time.Time) []byte { return append(dst, "answered"...) }, zone.Proven)
	if got := answer(nil, next(), netip.MustParseAddrPort("192.0.2.1:53"), time.Now()); string(got) != "answered" {
		t.Error("over UDP it has to do for TCP")
	}
}

// TestRateOfReaders: several readers of a socket, each with the time of its own batch, keep
// the rate together.
func TestRateOfReaders(t *testing.T) {
	const perSecond, batch = 1000, 32
	g := newGuard(perSecond, newCounts())
	h := g.stun(func(dst, _ []byte, _ netip.AddrPort) []byte { return append(dst, "answered"...) })
	peer := netip.MustParseAddrPort("192.0.2.1:53")
	var answered atomic.Int64
	var wait sync.WaitGroup
	for reader := range time.Duration(4) {
		wait.Go(func() {
			for time.Since(g.start) < 100*time.Millisecond {
				now := time.Now().Add(-reader * time.Millisecond) // when its batch was read
				for range batch {
					if h(nil, nil, peer, now) != nil {
						answered.Add(1)
					}
				}
			}
		})
	}
	wait.Wait()
	// The first of them may have begun 3 ms before the limit did.
	if most := perSecond * (burst + (time.Since(g.start) + 3*time.Millisecond).Seconds()); float64(answered.Load()) > most {
		t.Errorf("%d answered, want %v at most", answered.Load(), most)
	}
}

// TestRateWithCookie: a cookie spares the way over TCP, and gives no more than that.
func TestRateWithCookie(t *testing.T) {
	g := newGuard(10, newCounts())
	h := g.dns(func(dst, _ []byte, _ netip.AddrPort, _ time.Time) []byte { return append(dst, "answered"...) },
		func([]byte, netip.Addr) bool { return true })
	next, answered := probes(t, "0011223344556677"), 0
	for range 1000 {
		if string(h(nil, next(), netip.MustParseAddrPort("192.0.2.1:53"), g.start)) == "answered" {
			answered++
		}
	}
	if answered != 2*10*burst {
		t.Errorf("%d answered, want %d", answered, 2*10*burst)
	}
}
