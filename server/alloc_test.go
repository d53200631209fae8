package main

import (
	"bytes"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/stun/v3"

	"watertight/server/authdns"
	"watertight/server/report"
	"watertight/server/report/outbox"
	"watertight/server/sightings"
	"watertight/server/stund"
	"watertight/server/udp"
)

// hot is what a packet on the DNS port goes through, with everything on.
func hot(t testing.TB) (udp.Handler, *sightings.Table) {
	table := sightings.New(sightings.Options{Tokens: 64, Shards: 1})
	return hotInto(t, table), table
}

func hotInto(t testing.TB, see seer) udp.Handler {
	t.Helper()
	zone, err := authdns.New(authdns.Config{
		Zone: "watertight.test", Now: time.Now, Record: see.Record,
		IPv4: netip.MustParseAddr("203.0.113.53"), IPv6: netip.MustParseAddr("2001:db8:53::53"),
	})
	if err != nil {
		t.Fatal(err)
	}
	n := newCounts()
	g := newGuard(1e6, n)
	return split(n.stun.packets(g.stun(stund.Answer)), n.dns[sightings.UDP].packets(g.dns(func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		return zone.AnswerAt(dst, packet, from, sightings.UDP, now)
	}, zone.Proven)))
}

// probes asks for ever new tokens, as the world does.
func probes(t testing.TB, cookie string) func() []byte {
	t.Helper()
	q := new(dns.Msg)
	q.SetQuestion("f0."+tok+".watertight.test.", dns.TypeA)
	q.SetEdns0(1232, true)
	q.IsEdns0().Option = []dns.EDNS0{
		&dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: cookie},
		&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 24, Address: []byte{198, 51, 100, 0}},
	}
	b, err := q.Pack()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	return func() []byte {
		n++
		for i, rest := 0, n; i < 6; i, rest = i+1, rest/26 {
			b[16+i] = byte('a' + rest%26)
		}
		return b
	}
}

// TestAllocations: a packet costs no memory, once the table has its size.
func TestAllocations(t *testing.T) {
	h, table := hot(t)
	binding := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.Fingerprint).Raw
	unknown := stun.MustBuild(stun.TransactionID, stun.BindingRequest, stun.RawAttribute{Type: 0x7777}).Raw
	same := func(b []byte) func() []byte { return func() []byte { return b } }
	own := new(dns.Msg)
	own.SetQuestion("StuN.watertight.test.", dns.TypeAAAA)
	host, _ := own.Pack()
	own.SetQuestion("watertight.test.", dns.TypeNS)
	servers, _ := own.Pack()
	own.SetQuestion("v0."+tok+".v6.watertight.test.", dns.TypeA)
	six, _ := own.Pack()
	out := make([]byte, 0, 1500)
	for name, next := range map[string]func() []byte{
		"probe": probes(t, "0011223344556677"), "probe with a stale cookie": probes(t, "0011223344556677010000005cf79f111f8130c3eee29480"),
		"host": same(host), "name servers": same(servers), "IPv6 probe": same(six), "binding": same(binding), "refused binding": same(unknown),
	} {
		for _, from := range []string{"198.51.100.53:4000", "[2001:db8::53]:4000"} {
			peer := netip.MustParseAddrPort(from)
			for range 2000 { // the table fills, and its oldest make room
				h(out, next(), peer, time.Now())
			}
			if n := testing.AllocsPerRun(2000, func() {
				if len(h(out, next(), peer, time.Now())) == 0 {
					t.Fatal("no answer")
				}
			}); n != 0 {
				t.Errorf("%s from %s: %v allocations", name, from, n)
			}
		}
	}
	k, _ := sightings.ParseToken("zz" + tok[2:])
	// News.Full may be true by chance: thousands were pushed out (see lost).
	if n := table.Snapshot(k); len(n.Sightings)+len(n.Paths) != 0 {
		t.Error("a token that nobody asked for")
	}
}

// TestNodeAllocations: nor does it at a node whose API is silent, and every packet is
// still answered.
func TestNodeAllocations(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	key := report.NewKey([report.SecretSize]byte{1})
	box := outbox.New(outbox.Options{URL: "http://" + silent.Addr().String(), Keys: func() report.Keys { return report.Keys{key} }, Say: func(string) {}})
	defer box.Close()
	h, next, out := hotInto(t, box), probes(t, "0011223344556677"), make([]byte, 0, 1500)
	peer := netip.MustParseAddrPort("198.51.100.53:4000")
	for range 100_000 { // until records are dropped
		h(out, next(), peer, time.Now())
	}
	if n := testing.AllocsPerRun(5000, func() {
		if len(h(out, next(), peer, time.Now())) == 0 {
			t.Fatal("no answer")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if c := box.Counts(); c.Dropped == 0 || c.Accepted != 0 {
		t.Errorf("%+v", c)
	}
}

func BenchmarkHot(b *testing.B) {
	h, _ := hot(b)
	peer := netip.MustParseAddrPort("198.51.100.53:4000")
	out := make([]byte, 0, 1500)
	for name, next := range map[string]func() []byte{
		"dns":  probes(b, "0011223344556677"),
		"stun": func() []byte { return stun.MustBuild(stun.BindingRequest).Raw },
	} {
		packet := next()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if name == "dns" {
					packet = next()
				}
				h(out, packet, peer, time.Now())
			}
		})
	}
}

// BenchmarkChecks asks what checks do: eight labels of a token, A and AAAA, then the next
// token's, with everything on, the table as large as it is in service, and no sockets.
func BenchmarkChecks(b *testing.B) {
	h := hotInto(b, sightings.New(sightings.Options{}))
	next, n := probes(b, "0011223344556677"), 0
	peer := netip.MustParseAddrPort("198.51.100.53:4000")
	out := make([]byte, 0, 1500)
	packet, now := next(), time.Now()
	at := bytes.Index(packet, []byte("\x02f0")) + 2
	qtype := bytes.Index(packet, []byte("\x04test\x00")) + 7
	b.ReportAllocs()
	for b.Loop() {
		if n++; n%16 == 0 {
			packet, now = next(), time.Now()
		}
		packet[at], packet[qtype] = byte('0'+n%16/2), byte(1+n%2*27)
		h(out, packet, peer, now)
	}
}
