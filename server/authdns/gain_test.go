package authdns

import (
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

// gainZones are of every length; with the shortest, even a SOA is too large.
var gainZones = []string{"a.bc", "leak.example", "watertight.test", "a.rather.long.name.of.a.zone.example.org"}

// TestGain: an unsigned answer over UDP is never above two and a half times its
// query, whatever the type, the name, the zone and the options.
func TestGain(t *testing.T) {
	for _, name := range gainZones {
		b := newBoth(t, name, "203.0.113.53", "2001:db8:53::53", true)
		if err := b.h.declare(Config{CAA: []string{"ca.example", "other.example"}, Text: []string{longText, longText}}); err != nil {
			t.Fatal(err)
		}
		zone := name + "."
		for i, owner := range []string{zone, "ns1." + zone, "v6." + zone, "f0." + tok + "." + zone, "sig." + zone, "valid.sig." + zone, "nothing.sig." + zone, tok + "." + zone, "no." + zone, "."} {
			for typ := range 1 << 16 {
				if i == 0 && name == "watertight.test" || typ < 262 || typ%997 == i { // every type once, and many everywhere
					checkGain(t, b.h, query(owner, uint16(typ)), typ%3)
				}
			}
		}
	}
}

var longText = "a text as long as an operator may write, with an address to complain to and some words more than that"

// checkGain asks bare (which is the worst), with EDNS, or with a cookie too.
func checkGain(t *testing.T, h *Handler, q *dns.Msg, shape int) {
	t.Helper()
	for _, with := range []int{0, shape} {
		q.Extra = nil
		if with > 0 {
			q.SetEdns0(4096, false)
		}
		if with == 2 {
			o := q.IsEdns0()
			o.Option = append(o.Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0011223344556677"})
		}
		packet, err := q.Pack()
		if err != nil {
			t.Fatal(err)
		}
		out := h.Answer(nil, packet, pickPeer(q), sightings.UDP)
		if 2*len(out) > 5*len(packet) {
			t.Fatalf("%d octets for %d: %v", len(out), len(packet), q)
		}
	}
}

func pickPeer(q *dns.Msg) netip.AddrPort { return peers[int(q.Id)%len(peers)] }

// TestEverydayFits: none of what is asked for every day is truncated, so that no
// resolver pays for it with another connection.
func TestEverydayFits(t *testing.T) {
	for _, name := range gainZones[1:] {
		h := newBoth(t, name, "203.0.113.53", "2001:db8:53::53", true).h
		zone := name + "."
		for _, owner := range []string{zone, "ns1." + zone, "ns6." + zone, "stun." + zone, "ip4." + zone, "f0." + tok + "." + zone, tok + "." + zone, "v0." + tok + ".v6." + zone, "v6." + zone} {
			for _, typ := range []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeHTTPS, dns.TypeNS, dns.TypeSOA, dns.TypeDS, dns.TypeCAA} {
				q := query(owner, typ)
				if len(name) < 14 { // a shorter query is that of no resolver of today
					q.SetEdns0(1232, false)
				}
				if m := ask(t, h, q, sightings.UDP); m.Truncated {
					t.Errorf("%s %s is truncated", dns.TypeToString[typ], owner)
				}
			}
		}
	}
}

// TestSignedOnlyThere: signatures, which are large and cost much, are given below
// the names that test DNSSEC and nowhere else.
func TestSignedOnlyThere(t *testing.T) {
	b := newBoth(t, "watertight.test", "203.0.113.53", "2001:db8:53::53", true)
	c := newCorpus(7, b.h.jar.Reply(nil, []byte("12345678"), peers[0].Addr()))
	signed := 0
	for range 20_000 {
		packet := c.packet(zone)
		var q, m dns.Msg
		out := b.h.Answer(nil, packet, pickOne(c, peers...), sightings.UDP)
		if m.Unpack(out) != nil || !isSigned(&m) || q.Unpack(packet) != nil {
			continue
		}
		signed++
		if !dns.IsSubDomain(sig, dns.CanonicalName(q.Question[0].Name)) || !m.IsEdns0().Do() {
			t.Fatalf("signed: %v", &m)
		}
		if len(out) > maxSignedGain*len(packet) {
			t.Fatalf("%d octets for %d", len(out), len(packet))
		}
	}
	if signed < 50 {
		t.Errorf("%d signed answers: too few to have shown anything", signed)
	}
}

// maxSignedGain is what the README says; the largest is a denial, which at most 200
// of a second are.
const maxSignedGain = 9
