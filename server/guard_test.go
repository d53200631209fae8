package main

import (
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/stun/v3"
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
	off := newGuard(0, newCounts())
	for range 5000 {
		if got := ask(off, query, "192.0.2.1"); got != answered {
			t.Fatalf("without a limit: %s", got)
		}
	}
}
