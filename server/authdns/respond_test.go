package authdns

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

const (
	tok  = "abcdefghijklmnopqrstuv2345"
	zone = "watertight.test."
)

var resolver = netip.MustParseAddrPort("198.51.100.53:5353")

func handler(t testing.TB) (*Handler, *[]sightings.Observation) {
	t.Helper()
	var seen []sightings.Observation
	h, err := New(Config{
		Zone: "watertight.test", IPv4: netip.MustParseAddr("203.0.113.53"), IPv6: netip.MustParseAddr("2001:db8:53::53"),
		Record: func(o sightings.Observation) { seen = append(seen, o) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, &seen
}

// ask goes through the wire format, both ways.
func ask(t testing.TB, h *Handler, q *dns.Msg, over sightings.Transport) *dns.Msg {
	t.Helper()
	b, err := q.Pack()
	if err != nil {
		t.Fatalf("pack query: %v", err)
	}
	out := h.Answer(nil, b, resolver, over)
	if out == nil {
		return nil
	}
	m := new(dns.Msg)
	if err := m.Unpack(out); err != nil {
		t.Fatalf("unpack answer: %v", err)
	}
	if m.Id != q.Id || !m.Response || m.RecursionAvailable || m.AuthenticatedData {
		t.Errorf("header %+v", m.MsgHdr)
	}
	return m
}

func query(name string, typ uint16) *dns.Msg {
	q := new(dns.Msg)
	q.SetQuestion(name, typ)
	return q
}

// short writes a section in one line: type and data, without TTL.
func short(rrs []dns.RR) string {
	var parts []string
	for _, rr := range rrs {
		if h := rr.Header(); h.Rrtype != dns.TypeOPT {
			data := strings.Join(strings.Fields(rr.String())[4:], " ")
			parts = append(parts, fmt.Sprint(h.Name, " ", dns.TypeToString[h.Rrtype], " ", data))
		}
	}
	return strings.Join(parts, "; ")
}

const soa = "watertight.test. SOA ns1.watertight.test. dns.watertight.test. 1 86400 7200 3600000 60"

func TestRespond(t *testing.T) {
	const (
		noerror  = dns.RcodeSuccess
		nxdomain = dns.RcodeNameError
		refused  = dns.RcodeRefused
		servfail = dns.RcodeServerFailure
		a4       = "203.0.113.53"
		a6       = "2001:db8:53::53"
	)
	both := "watertight.test. NS ns1.watertight.test.; watertight.test. NS ns2.watertight.test."
	for _, test := range []struct {
		name              string
		typ               uint16
		rcode             int
		answer, ns, extra string
		label             string // "-" is no sighting
	}{
		{zone, dns.TypeSOA, noerror, soa, "", "", "-"},
		{zone, dns.TypeNS, noerror, both, "", "", "-"},
		{zone, dns.TypeA, noerror, zone + " A " + a4, "", "", "-"},
		{zone, dns.TypeAAAA, noerror, zone + " AAAA " + a6, "", "", "-"},
		{zone, dns.TypeHTTPS, noerror, "", soa, "", "-"},
		{zone, dns.TypeTXT, noerror, "", soa, "", "-"},
		{zone, dns.TypeDS, noerror, "", soa, "", "-"},
		{zone, dns.TypeANY, noerror, zone + ` HINFO "RFC8482" ""`, "", "", "-"},
		{zone, dns.TypeAXFR, refused, "", "", "", "-"},
		{zone, dns.TypeIXFR, refused, "", "", "", "-"},
		{"ns1." + zone, dns.TypeA, noerror, "ns1." + zone + " A " + a4, "", "", "-"},
		{"ns2." + zone, dns.TypeAAAA, noerror, "ns2." + zone + " AAAA " + a6, "", "", "-"},
		{"stun." + zone, dns.TypeA, noerror, "stun." + zone + " A " + a4, "", "", "-"},
		{"stun." + zone, dns.TypeHTTPS, noerror, "", soa, "", "-"},
		{"ip4." + zone, dns.TypeA, noerror, "ip4." + zone + " A " + a4, "", "", "-"},
		{"ip4." + zone, dns.TypeAAAA, noerror, "", soa, "", "-"},
		{"ip6." + zone, dns.TypeA, noerror, "", soa, "", "-"},
		{"ip6." + zone, dns.TypeAAAA, noerror, "ip6." + zone + " AAAA " + a6, "", "", "-"},
		{"ip6." + zone, dns.TypeANY, noerror, "ip6." + zone + ` HINFO "RFC8482" ""`, "", "", "-"},
		{"nothing." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},
		{"a.ns1." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},

		{tok + "." + zone, dns.TypeA, noerror, "", soa, "", ""},
		{tok + "." + zone, dns.TypeNS, noerror, "", soa, "", ""},
		{"f0." + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "f0"},
		{"f0." + tok + "." + zone, dns.TypeAAAA, nxdomain, "", soa, "", "f0"},
		{"f0." + tok + "." + zone, dns.TypeHTTPS, nxdomain, "", soa, "", "f0"},
		{"f0." + tok + "." + zone, dns.TypeANY, nxdomain, "", soa, "", "f0"},
		{"s12." + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "s12"},
		{"v0." + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "v0"},
		{"x0." + tok + "." + zone, dns.TypeA, servfail, "", "", "", "x0"},
		{"t0." + tok + "." + zone, dns.TypeA, noerror, "", "", "", "t0"},
		{"f0." + tok + "." + zone, dns.TypeAXFR, refused, "", "", "", "-"},
		{"q0." + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},
		{"f123." + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},
		{"f0.f0." + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},
		{"f0." + tok[1:] + "." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},
		{`f\0000.` + tok + "." + zone, dns.TypeA, nxdomain, "", soa, "", "-"},

		{".", dns.TypeNS, refused, "", "", "", "-"},
		{"test.", dns.TypeA, refused, "", "", "", "-"},
		{"xwatertight.test.", dns.TypeA, refused, "", "", "", "-"},
		{`x\.watertight.test.`, dns.TypeA, refused, "", "", "", "-"},
		{`f0.` + tok + `\.watertight.test.`, dns.TypeA, refused, "", "", "", "-"},
		{"www.example.com.", dns.TypeA, refused, "", "", "", "-"},
	} {
		t.Run(strings.ToLower(fmt.Sprint(dns.TypeToString[test.typ], " ", test.name)), func(t *testing.T) {
			h, seen := handler(t)
			m := ask(t, h, query(test.name, test.typ), sightings.UDP)
			if m.Rcode != test.rcode {
				t.Errorf("%s, want %s", dns.RcodeToString[m.Rcode], dns.RcodeToString[test.rcode])
			}
			if short(m.Answer) != test.answer || short(m.Ns) != test.ns || short(m.Extra) != test.extra {
				t.Errorf("got  %q | %q | %q\nwant %q | %q | %q",
					short(m.Answer), short(m.Ns), short(m.Extra), test.answer, test.ns, test.extra)
			}
			if want := test.rcode == noerror || test.rcode == nxdomain; m.Authoritative != want {
				t.Errorf("authoritative is %v, want %v", m.Authoritative, want)
			}
			if want := strings.HasPrefix(test.label, "t"); m.Truncated != want {
				t.Errorf("truncated is %v, want %v", m.Truncated, want)
			}
			if m.IsEdns0() != nil {
				t.Error("EDNS in the answer to a query without")
			}
			switch {
			case test.label == "-" && len(*seen) != 0:
				t.Errorf("sighting %v", *seen)
			case test.label != "-" && (len(*seen) != 1 || (*seen)[0].Label.String() != test.label || string((*seen)[0].Token[:]) != tok):
				t.Errorf("sightings %v, want %q", *seen, test.label)
			}
		})
	}
}

func TestNegativeTTL(t *testing.T) {
	h, _ := handler(t)
	m := ask(t, h, query("f0."+tok+"."+zone, dns.TypeA), sightings.UDP)
	if ttl := m.Ns[0].Header().Ttl; ttl != negativeTTL {
		t.Errorf("SOA of an NXDOMAIN lives %d s: RFC 2308 §5 wants the minimum", ttl)
	}
}

// TestCase: the question comes back byte for byte (0x20), and the token is read
// in any case.
func TestCase(t *testing.T) {
	h, seen := handler(t)
	for _, name := range []string{"F0." + strings.ToUpper(tok) + ".WaterTight.TEST.", "nS1.wAtErTiGhT.tEsT."} {
		m := ask(t, h, query(name, dns.TypeA), sightings.UDP)
		if m.Question[0].Name != name {
			t.Errorf("asked %s, repeated %s", name, m.Question[0].Name)
		}
		if len(m.Answer) > 0 && m.Answer[0].Header().Name != name {
			t.Errorf("asked %s, answered %s", name, m.Answer[0].Header().Name)
		}
	}
	if len(*seen) != 1 || string((*seen)[0].Token[:]) != tok {
		t.Errorf("sightings %v", *seen)
	}
	if h.hosts["ns1."+zone][0].Header().Name != "ns1."+zone {
		t.Error("a query changed the zone")
	}
}

func TestTruncatedVector(t *testing.T) {
	h, seen := handler(t)
	q := query("t0."+tok+"."+zone, dns.TypeA)
	if m := ask(t, h, q, sightings.UDP); !m.Truncated || m.Rcode != dns.RcodeSuccess || len(m.Ns) != 0 {
		t.Errorf("over UDP: %v", m)
	}
	if m := ask(t, h, q, sightings.TCP); m.Truncated || m.Rcode != dns.RcodeNameError || len(m.Ns) != 1 {
		t.Errorf("over TCP: %v", m)
	}
	if len(*seen) != 2 || (*seen)[0].Transport != sightings.UDP || (*seen)[1].Transport != sightings.TCP {
		t.Errorf("sightings %v", *seen)
	}
}

func TestOneFamily(t *testing.T) {
	h, err := New(Config{Zone: "Watertight.Test", IPv4: netip.MustParseAddr("203.0.113.53")})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{zone, "ns1." + zone, "ip6." + zone} {
		if m := ask(t, h, query(name, dns.TypeAAAA), sightings.UDP); m.Rcode != dns.RcodeSuccess || len(m.Answer) != 0 || len(m.Ns) != 1 {
			t.Errorf("%s: want NODATA, got %v", name, m)
		}
	}
	if m := ask(t, h, query("ip6."+zone, dns.TypeA), sightings.UDP); m.Rcode != dns.RcodeSuccess || len(m.Answer) != 0 {
		t.Errorf("ip6 over IPv4: %v", m)
	}
}

func TestNewRefuses(t *testing.T) {
	a := netip.MustParseAddr("192.0.2.1")
	for _, name := range []string{"", ".", "a..b", "-a.test", "a-.test", "a_b.test", "a b", "ü.test", strings.Repeat("a", 64) + ".test", strings.Repeat("a.", 120) + "test"} {
		if _, err := New(Config{Zone: name, IPv4: a}); err == nil {
			t.Errorf("zone %q was taken", name)
		}
	}
	if _, err := New(Config{Zone: "watertight.test"}); err == nil {
		t.Error("no address, and no error")
	}
	longest := strings.Repeat("a.", maxZone/2-1) + "aa"
	if _, err := New(Config{Zone: longest[:maxZone-1], IPv4: a}); err != nil {
		t.Errorf("a zone of %d characters: %v", maxZone-1, err)
	}
}

func TestHeaders(t *testing.T) {
	h, seen := handler(t)
	for name, test := range map[string]struct {
		change func(*dns.Msg)
		rcode  int
	}{
		"no question":    {func(q *dns.Msg) { q.Question = nil }, dns.RcodeFormatError},
		"two questions":  {func(q *dns.Msg) { q.Question = append(q.Question, q.Question[0]) }, dns.RcodeFormatError},
		"update":         {func(q *dns.Msg) { q.Opcode = dns.OpcodeUpdate }, dns.RcodeNotImplemented},
		"notify":         {func(q *dns.Msg) { q.Opcode = dns.OpcodeNotify }, dns.RcodeNotImplemented},
		"status":         {func(q *dns.Msg) { q.Opcode = dns.OpcodeStatus }, dns.RcodeNotImplemented},
		"chaos":          {func(q *dns.Msg) { q.Question[0].Qclass = dns.ClassCHAOS }, dns.RcodeRefused},
		"any class":      {func(q *dns.Msg) { q.Question[0].Qclass = dns.ClassANY }, dns.RcodeRefused},
		"type OPT":       {func(q *dns.Msg) { q.Question[0].Qtype = dns.TypeOPT }, dns.RcodeFormatError},
		"recursion":      {func(q *dns.Msg) { q.RecursionDesired = true; q.CheckingDisabled = true }, dns.RcodeNameError},
		"EDNS version 1": {func(q *dns.Msg) { q.SetEdns0(4096, false); q.IsEdns0().SetVersion(1) }, dns.RcodeBadVers},
		"two OPT":        {func(q *dns.Msg) { q.SetEdns0(4096, false); q.Extra = append(q.Extra, q.Extra[0]) }, dns.RcodeFormatError},
	} {
		t.Run(name, func(t *testing.T) {
			*seen = nil
			q := query("f0."+tok+"."+zone, dns.TypeA)
			test.change(q)
			m := ask(t, h, q, sightings.UDP)
			if m.Rcode != test.rcode || m.Opcode != q.Opcode {
				t.Errorf("%s, opcode %d", dns.RcodeToString[m.Rcode], m.Opcode)
			}
			if q.Opcode == dns.OpcodeQuery && m.RecursionDesired != q.RecursionDesired || m.CheckingDisabled != q.CheckingDisabled {
				t.Error("RD and CD must come back")
			}
			if got := len(*seen) > 0; got != slices.Contains([]string{"recursion"}, name) {
				t.Errorf("sighting: %v", got)
			}
		})
	}
}
