package authdns

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"watertight/server/dnssec"
	"watertight/server/sightings"
)

// both asks the fast path and the full one, and holds them to each other.
type both struct {
	h    *Handler
	seen []sightings.Observation
}

// now is fixed: cookies have a time in them.
func now() time.Time { return time.Unix(1_800_000_000, 0) }

func newBoth(t testing.TB, zone string, v4, v6 string, signed bool) *both {
	t.Helper()
	b := new(both)
	c := Config{Zone: zone, Now: now, Record: func(o sightings.Observation) { b.seen = append(b.seen, o) }}
	c.IPv4, _ = netip.ParseAddr(v4)
	c.IPv6, _ = netip.ParseAddr(v6)
	if signed {
		c.Key, _ = dnssec.Generate()
	}
	return b.serve(t, c)
}

func (b *both) serve(t testing.TB, c Config) *both {
	t.Helper()
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	b.h = h
	return b
}

// ask reports whether the fast path knew the answer.
func (b *both) ask(t testing.TB, packet []byte, from netip.AddrPort, over sightings.Transport) bool {
	t.Helper()
	const before = "before"
	if len(packet) < 12 || packet[2]&0x80 != 0 {
		return false
	}
	b.seen = b.seen[:0]
	given := bytes.Clone(packet)
	quick, ok := b.h.fast.Answer([]byte(before), packet, from.Addr(), over, now())
	if proven, sure := b.h.fast.Proven(packet, from.Addr()); sure && proven != b.h.proven(packet, from.Addr()) {
		t.Fatalf("proof of %x: %v", packet, proven)
	}
	if !bytes.Equal(packet, given) {
		t.Fatalf("the query %x was changed to %x", given, packet)
	}
	if !ok {
		if string(quick) != before || len(b.seen) != 0 {
			t.Fatalf("declined %x, and wrote %x", packet, quick)
		}
		return false
	}
	noted := b.seen
	b.seen = nil
	full := b.h.full([]byte(before), packet, from, over)
	if !bytes.Equal(quick, full) {
		var q, one, two dns.Msg
		_, _, _ = q.Unpack(packet), one.Unpack(quick[len(before):]), two.Unpack(full[len(before):])
		t.Fatalf("to %x\n%v\nfast %x\n%v\nfull %x\n%v", packet, &q, quick, &one, full, &two)
	}
	if len(noted) != len(b.seen) || len(noted) == 1 && noted[0] != b.seen[0] {
		t.Fatalf("of %x the fast path noted %+v, the full one %+v", packet, noted, b.seen)
	}
	return true
}

var peers = []netip.AddrPort{netip.MustParseAddrPort("198.51.100.53:5353"), netip.MustParseAddrPort("[2001:db8::53]:53")}

// TestFast: byte for byte, over zones of every shape.
func TestFast(t *testing.T) {
	rounds := 20_000
	if testing.Short() {
		rounds = 1_000
	}
	for i, zone := range []struct {
		name, v4, v6 string
		signed       bool
	}{
		{"watertight.test", "203.0.113.53", "2001:db8:53::53", true},
		{"watertight.test", "203.0.113.53", "", false},
		{"Leak.Example.org", "", "2001:db8:53::53", false},
		{"test", "203.0.113.53", "2001:db8:53::53", false},
		{"test.test", "203.0.113.53", "2001:db8:53::53", false},
		{"ns1.dns.test", "203.0.113.53", "2001:db8:53::53", false},
		{"a.b.c.d.e.f.g.h.example", "203.0.113.53", "2001:db8:53::53", true},
		{strings.Trim(strings.Repeat("abcdefghi.", 30)[:maxZone], "."), "203.0.113.53", "2001:db8:53::53", false},
		{strings.Trim(strings.Repeat("abcdefghi.", 30)[:100], "."), "203.0.113.53", "2001:db8:53::53", false},
	} {
		b := newBoth(t, zone.name, zone.v4, zone.v6, zone.signed)
		c := newCorpus(uint64(i), b.h.jar.Reply(nil, []byte("12345678"), peers[0].Addr()))
		known := 0
		for range rounds {
			over := pickOne(c, sightings.UDP, sightings.UDP, sightings.TCP)
			if b.ask(t, c.packet(dns.CanonicalName(zone.name)), pickOne(c, peers...), over) {
				known++
			}
		}
		t.Logf("%s: %d of %d", zone.name, known, rounds)
		if i == 0 && known < rounds/5 {
			t.Errorf("%d of %d: too few to have shown anything", known, rounds)
		}
	}
}

// TestFastKnows what it was made for.
func TestFastKnows(t *testing.T) {
	b := newBoth(t, "watertight.test", "203.0.113.53", "2001:db8:53::53", true)
	cookie := &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0011223344556677"}
	for _, name := range []string{"f0." + tok + "." + zone, "F0." + strings.ToUpper(tok) + ".WaterTight.TEST.", "_." + tok + "." + zone, tok + "." + zone, zone, "ns1." + zone, "stun." + zone, "www." + zone, "example.com.",
		"v0." + tok + ".v6." + zone, "V0." + strings.ToUpper(tok) + ".v6.WaterTight.TEST.", "x0." + tok + ".v6." + zone, tok + ".v6." + zone, "v6." + zone, "ns6." + zone} {
		for _, typ := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS, dns.TypeNS, dns.TypeSOA, dns.TypeDS, dns.TypeTXT} {
			q := query(name, typ)
			plain, _ := q.Pack()
			q.SetEdns0(1232, true)
			q.IsEdns0().Option = append(q.IsEdns0().Option, cookie)
			rich, _ := q.Pack()
			for _, p := range [][]byte{plain, rich} {
				for _, peer := range peers {
					if !b.ask(t, p, peer, sightings.UDP) {
						t.Errorf("%s %s: left to the full path", name, dns.TypeToString[typ])
					}
				}
			}
		}
	}
}

// FuzzFast: what the two paths say, they say alike.
func FuzzFast(f *testing.F) {
	b := newBoth(f, "watertight.test", "203.0.113.53", "2001:db8:53::53", true)
	c := newCorpus(99, b.h.jar.Reply(nil, []byte("12345678"), peers[0].Addr()))
	for range 64 {
		f.Add(c.packet(zone), c.IntN(2) == 0, c.IntN(2) == 0)
	}
	f.Fuzz(func(t *testing.T, packet []byte, tcp, six bool) {
		over, peer := sightings.UDP, peers[0]
		if tcp {
			over = sightings.TCP
		}
		if six {
			peer = peers[1]
		}
		b.ask(t, packet, peer, over)
	})
}

// TestFastFuzzedElsewhere: what fuzzing the full path has found interesting.
func TestFastFuzzedElsewhere(t *testing.T) {
	b := newBoth(t, "watertight.test", "203.0.113.53", "2001:db8:53::53", true)
	files, err := filepath.Glob("testdata/fuzz/FuzzAnswer/*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if packet, ok := fuzzBytes(line); ok {
				b.ask(t, packet, peers[0], sightings.UDP)
				b.ask(t, packet, peers[1], sightings.TCP)
			}
		}
	}
}

// fuzzBytes reads a line of a corpus file.
func fuzzBytes(line string) ([]byte, bool) {
	quoted, ok := strings.CutPrefix(strings.TrimSpace(line), "[]byte(")
	if !ok {
		return nil, false
	}
	text, err := strconv.Unquote(strings.TrimSuffix(quoted, ")"))
	return []byte(text), err == nil
}

// TestServers: three name servers of their own addresses, an API elsewhere, and both
// paths say the same of them.
func TestServers(t *testing.T) {
	a := netip.MustParseAddr
	b := new(both).serve(t, Config{
		Zone: "watertight.test", Now: now, IPv4: a("192.0.2.2"), IPv6: a("2001:db8::2"), Record: func(sightings.Observation) {},
		Servers: []Pair{{a("192.0.2.1"), a("2001:db8::1")}, {a("192.0.2.2"), a("2001:db8::2")}, {a("192.0.2.3"), a("2001:db8::3")}},
		Web:     Pair{a("203.0.113.1"), a("2001:db8:f::1")},
	})
	peer := netip.MustParseAddrPort("198.51.100.53:4000")
	for question, want := range map[string]string{
		"watertight.test. NS":       "ns1.watertight.test. ns2.watertight.test. ns3.watertight.test. 192.0.2.1 2001:db8::1 192.0.2.2 2001:db8::2 192.0.2.3 2001:db8::3",
		"watertight.test. A":        "203.0.113.1",
		"watertight.test. AAAA":     "2001:db8:f::1",
		"ip4.watertight.test. A":    "203.0.113.1",
		"ip6.watertight.test. AAAA": "2001:db8:f::1",
		"stun.watertight.test. A":   "192.0.2.2",
		"ns3.watertight.test. AAAA": "2001:db8::3",
		"ns6.watertight.test. AAAA": "2001:db8::2",
		"ns4.watertight.test. A":    "",
	} {
		name, kind, _ := strings.Cut(question, " ")
		q := new(dns.Msg)
		q.SetQuestion(name, dns.StringToType[kind])
		packet, _ := q.Pack()
		if !b.ask(t, packet, peer, sightings.TCP) {
			t.Errorf("%s: not by the fast path", question)
		}
		var m dns.Msg
		if err := m.Unpack(b.h.Answer(nil, packet, peer, sightings.TCP)); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, rr := range append(m.Answer, m.Extra...) {
			text := strings.Fields(rr.String())
			got = append(got, text[len(text)-1])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", question, got, want)
		}
	}
}
