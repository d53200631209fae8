package authdns

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

// askFrom is ask with the address of a resolver.
func askFrom(t testing.TB, h *Handler, q *dns.Msg, from string) *dns.Msg {
	t.Helper()
	b, err := q.Pack()
	if err != nil {
		t.Fatal(err)
	}
	m := new(dns.Msg)
	if err := m.Unpack(h.Answer(nil, b, netip.AddrPortFrom(netip.MustParseAddr(from), 53), sightings.UDP)); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSix: the same names are referred over IPv4 and answered over IPv6.
func TestSix(t *testing.T) {
	const (
		six      = "v6." + zone
		ns       = six + " NS ns6." + zone
		glue     = "ns6." + zone + " AAAA 2001:db8:53::53"
		soa6     = six + " SOA ns6.watertight.test. dns.watertight.test. 1 86400 7200 3600000 60"
		v4, v6   = "198.51.100.53", "2001:db8:100::53"
		noerror  = dns.RcodeSuccess
		nxdomain = dns.RcodeNameError
	)
	for _, test := range []struct {
		name, from        string
		typ               uint16
		rcode             int
		aa                bool
		answer, ns, extra string
		label             string
	}{
		{"v0." + tok + "." + six, v4, dns.TypeA, noerror, false, "", ns, glue, "-"},
		{tok + "." + six, v4, dns.TypeA, noerror, false, "", ns, glue, "-"},
		{six, v4, dns.TypeNS, noerror, false, "", ns, glue, "-"},
		{six, v4, dns.TypeSOA, noerror, false, "", ns, glue, "-"},
		{"x." + six, "::ffff:198.51.100.53", dns.TypeANY, noerror, false, "", ns, glue, "-"},
		{six, v4, dns.TypeDS, noerror, true, "", soa, "", "-"},
		{six, v6, dns.TypeDS, noerror, true, "", soa, "", "-"},
		{"x." + six, v4, dns.TypeDS, noerror, false, "", ns, glue, "-"},

		{"v0." + tok + "." + six, v6, dns.TypeA, nxdomain, true, "", soa6, "", "v0"},
		{tok + "." + six, v6, dns.TypeA, noerror, true, "", soa6, "", ""},
		{"x0." + tok + "." + six, v6, dns.TypeA, dns.RcodeServerFailure, false, "", "", "", "x0"},
		{six, v6, dns.TypeNS, noerror, true, ns, "", glue, "-"},
		{six, v6, dns.TypeSOA, noerror, true, soa6, "", "", "-"},
		{six, v6, dns.TypeA, noerror, true, "", soa6, "", "-"},
		{six, v6, dns.TypeANY, noerror, true, six + ` HINFO "RFC8482" ""`, "", "", "-"},
		{"nothing." + six, v6, dns.TypeA, nxdomain, true, "", soa6, "", "-"},
		{"xv6." + zone, v4, dns.TypeA, nxdomain, true, "", soa, "", "-"},
		{"ns6." + zone, v4, dns.TypeA, noerror, true, "", soa, "", "-"},
		{"ns6." + zone, v4, dns.TypeAAAA, noerror, true, glue, "", "", "-"},
	} {
		h, seen := handler(t)
		m := askFrom(t, h, query(test.name, test.typ), test.from)
		where := dns.TypeToString[test.typ] + " " + test.name + " from " + test.from
		if m.Rcode != test.rcode || m.Authoritative != test.aa {
			t.Errorf("%s: %s, authoritative is %v", where, dns.RcodeToString[m.Rcode], m.Authoritative)
		}
		if short(m.Answer) != test.answer || short(m.Ns) != test.ns || short(m.Extra) != test.extra {
			t.Errorf("%s:\ngot  %q | %q | %q\nwant %q | %q | %q", where,
				short(m.Answer), short(m.Ns), short(m.Extra), test.answer, test.ns, test.extra)
		}
		if got := len(*seen) == 1; got != (test.label != "-") || got && ((*seen)[0].Label.String() != test.label || (*seen)[0].Resolver.String() != v6) {
			t.Errorf("%s: sightings %v", where, *seen)
		}
	}
}

// TestSixCase: 0x20 comes back, and no query changes the records.
func TestSixCase(t *testing.T) {
	h, _ := handler(t)
	name := "V0." + strings.ToUpper(tok) + ".V6.WaterTight.TEST."
	q := query(name, dns.TypeA)
	q.SetEdns0(1232, false)
	m := askFrom(t, h, q, "198.51.100.53")
	if m.Question[0].Name != name || len(m.Ns) != 1 || m.Ns[0].Header().Name != "V6.WaterTight.TEST." || m.IsEdns0() == nil {
		t.Errorf("%v", m)
	}
	if h.six.ns.Hdr.Name != "v6."+zone || len(h.six.glue) != 1 {
		t.Error("a query changed the zone")
	}
}

// TestNoSix: without IPv6 there is no such zone.
func TestNoSix(t *testing.T) {
	h, err := New(Config{Zone: "watertight.test", IPv4: netip.MustParseAddr("203.0.113.53")})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"ns6." + zone, "v6." + zone, "v0." + tok + ".v6." + zone} {
		if m := askFrom(t, h, query(name, dns.TypeA), "198.51.100.53"); m.Rcode != dns.RcodeNameError || short(m.Ns) != soa {
			t.Errorf("%s: %v", name, m)
		}
	}
}
