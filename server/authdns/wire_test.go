package authdns

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/dnssec"
	"watertight/server/sightings"
)

func TestEDNS(t *testing.T) {
	h, seen := handler(t)
	q := query("f0."+tok+"."+zone, dns.TypeA)
	q.SetEdns0(4096, true)
	opt := q.IsEdns0()
	opt.Option = append(opt.Option,
		&dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0011223344556677"},
		&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 24, Address: net.IPv4(198, 51, 100, 0)},
		&dns.EDNS0_LOCAL{Code: 65001, Data: []byte("unknown")})
	m := ask(t, h, q, sightings.UDP)
	r := m.IsEdns0()
	if r == nil || r.Version() != 0 || r.UDPSize() != udpSize || !r.Do() {
		t.Fatalf("OPT is %v", r)
	}
	if len(r.Option) != 2 {
		t.Fatalf("options %v, want the subnet and the cookie", r.Option)
	}
	if s, ok := r.Option[0].(*dns.EDNS0_SUBNET); !ok || s.SourceNetmask != 24 || s.SourceScope != 24 || s.Address.String() != "198.51.100.0" {
		t.Errorf("subnet %v", r.Option[0])
	}
	o := (*seen)[0]
	if o.EDNS != (sightings.EDNS{Present: true, Size: 4096, DO: true, Cookie: true}) || o.ECS.String() != "198.51.100.0/24" ||
		o.Resolver != resolver.Addr() || o.Type != dns.TypeA {
		t.Errorf("recorded %+v", o)
	}
}

func TestSubnets(t *testing.T) {
	for _, test := range []struct {
		family  uint16
		bits    uint8
		address string
		want    string
	}{
		{1, 24, "198.51.100.77", "198.51.100.0/24"}, // bits outside are no business of ours
		{1, 0, "0.0.0.0", ""},
		{1, 32, "198.51.100.77", "198.51.100.77/32"},
		{2, 56, "2001:db8:1:2ff::", "2001:db8:1:200::/56"},
		{2, 128, "2001:db8::1", "2001:db8::1/128"},
		{2, 0, "::", ""},
	} {
		e := edns{client: &dns.EDNS0_SUBNET{Family: test.family, SourceNetmask: test.bits, Address: net.ParseIP(test.address)}}
		got := ""
		if p := e.subnet(); p.IsValid() {
			got = p.String()
		}
		if got != test.want {
			t.Errorf("%+v: %q", test, got)
		}
	}
	for _, bad := range []dns.EDNS0_SUBNET{{Family: 1, SourceNetmask: 33, Address: net.IPv4zero}, {Family: 3, SourceNetmask: 8}, {Family: 2, SourceNetmask: 129, Address: net.IPv6zero}} {
		if p := (&edns{client: &bad}).subnet(); p.IsValid() {
			t.Errorf("%+v: %v", bad, p)
		}
	}
}

func TestExtendedErrors(t *testing.T) {
	h, _ := handler(t)
	for name, want := range map[string]uint16{"example.com.": dns.ExtendedErrorCodeNotAuthoritative, zone: dns.ExtendedErrorCodeProhibited} {
		q := query(name, dns.TypeAXFR)
		q.SetEdns0(1232, false)
		m := ask(t, h, q, sightings.TCP)
		e, ok := m.IsEdns0().Option[0].(*dns.EDNS0_EDE)
		if !ok || e.InfoCode != want || m.Rcode != dns.RcodeRefused {
			t.Errorf("%s: %v", name, m)
		}
	}
}

// TestSize: no answer over UDP is larger than the asker takes, and with the
// longest possible zone some are.
func TestSize(t *testing.T) {
	long := strings.TrimSuffix(strings.Repeat("abcdefghi.", 30)[:maxZone], ".")
	h, err := New(Config{Zone: long, IPv4: resolver.Addr(), IPv6: netip.IPv6Loopback()})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []uint16{0, 100, 512, 1232, 65535} {
		q := query(long+".", dns.TypeNS)
		limit := plainSize
		if size > 0 {
			q.SetEdns0(size, false)
			limit = min(udpSize, max(plainSize, int(size)))
		}
		b, _ := q.Pack()
		out := h.Answer(nil, b, resolver, sightings.UDP)
		if len(out) > limit {
			t.Errorf("%d bytes for a limit of %d", len(out), limit)
		}
		if out = h.Answer(nil, b, resolver, sightings.TCP); len(out) == 0 || out[2]&2 != 0 {
			t.Error("truncated over TCP")
		}
	}
}

func TestSilence(t *testing.T) {
	h, _ := handler(t)
	good, _ := query(zone, dns.TypeA).Pack()
	response := append([]byte(nil), good...)
	response[2] |= 0x80
	for name, b := range map[string][]byte{"empty": {}, "short": good[:11], "response": response} {
		if out := h.Answer(nil, b, resolver, sightings.UDP); out != nil {
			t.Errorf("%s: answered %x", name, out)
		}
	}
	if out := h.Answer(nil, good, netip.MustParseAddrPort("192.0.2.1:0"), sightings.UDP); out != nil {
		t.Error("answered to port 0")
	}
	out := h.Answer([]byte("ab"), good[:20], resolver, sightings.UDP)
	var m dns.Msg
	if err := m.Unpack(out[2:]); err != nil || m.Rcode != dns.RcodeFormatError || m.Id != uint16(good[0])<<8|uint16(good[1]) {
		t.Errorf("half a query: %v, %v", m, err)
	}
}

// FuzzAnswer: whatever comes, no panic, no answer to a response, and every
// answer parses, repeats the id, and is small enough.
func FuzzAnswer(f *testing.F) {
	for _, name := range []string{zone, "f0." + tok + "." + zone, "x1." + tok + "." + zone, "t1." + tok + "." + zone, tok + "." + zone, ".", `a\.b\000.` + zone,
		"v0." + tok + ".v6." + zone, "valid." + sig, "broken." + sig, sig, "x." + sig, longest} {
		for _, typ := range []uint16{dns.TypeA, dns.TypeNS, dns.TypeANY, dns.TypeAXFR, dns.TypeOPT} {
			q := query(name, typ)
			q.Id = 4711
			b, _ := q.Pack()
			f.Add(b, false)
			q.SetEdns0(1232, true)
			q.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 24, Address: net.IPv4(198, 51, 100, 0)}}
			b, _ = q.Pack()
			f.Add(b, true)
		}
	}
	key, _ := dnssec.Generate()
	h, _ := New(Config{Zone: "watertight.test", Key: key, IPv4: resolver.Addr(), IPv6: netip.IPv6Loopback(), Record: func(o sightings.Observation) {
		if _, ok := sightings.ParseToken(string(o.Token[:])); !ok || !o.Resolver.IsValid() {
			panic("recorded what is no token")
		}
	}})
	f.Fuzz(func(t *testing.T, b []byte, tcp bool) {
		over, limit := sightings.UDP, udpSize
		if tcp {
			over, limit = sightings.TCP, tcpSize
		}
		out := h.Answer(nil, b, resolver, over)
		if out == nil {
			if len(b) >= 12 && b[2]&0x80 == 0 {
				t.Fatalf("no answer to %x", b)
			}
			return
		}
		var m dns.Msg
		if err := m.Unpack(out); err != nil {
			t.Fatalf("answer %x: %v", out, err)
		}
		if len(out) > limit || out[0] != b[0] || out[1] != b[1] || !m.Response {
			t.Fatalf("answer %x to %x", out, b)
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	h, _ := New(Config{Zone: "watertight.test", IPv4: resolver.Addr()})
	q := query("f0."+tok+"."+zone, dns.TypeA)
	q.SetEdns0(1232, true)
	p, _ := q.Pack()
	out := make([]byte, 0, 1500)
	b.ReportAllocs()
	for b.Loop() {
		out = h.Answer(out[:0], p, resolver, sightings.UDP)
	}
}
