package authdns

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"watertight/server/dnssec"
	"watertight/server/sightings"
)

const sig = "sig." + zone

// longest has 255 octets on the wire, so that no name can come below it.
var longest = strings.Repeat("long.", 46) + "abc." + sig

func signedHandler(t testing.TB, now func() time.Time) (*Handler, *dns.DNSKEY) {
	t.Helper()
	k, err := dnssec.Generate()
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{
		Zone: "watertight.test", IPv4: netip.MustParseAddr("203.0.113.53"), IPv6: netip.MustParseAddr("2001:db8:53::53"),
		Key: k, Now: now, Record: func(o sightings.Observation) { t.Errorf("sighting %v", o) },
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, k.DNSKEY(sig)
}

func secure(name string, typ uint16) *dns.Msg {
	q := query(name, typ)
	q.SetEdns0(1232, true)
	return q
}

// verify checks that every set of a section is signed, and returns the names and
// types of the sets whose signatures are wrong.
func verify(t *testing.T, key *dns.DNSKEY, rrs []dns.RR, at time.Time) (wrong []string) {
	t.Helper()
	sets := make(map[string][]dns.RR)
	sigs := make(map[string]*dns.RRSIG)
	for _, rr := range rrs {
		h := rr.Header()
		if s, ok := rr.(*dns.RRSIG); ok {
			sigs[strings.ToLower(h.Name)+" "+dns.TypeToString[s.TypeCovered]] = s
			continue
		}
		k := strings.ToLower(h.Name) + " " + dns.TypeToString[h.Rrtype]
		sets[k] = append(sets[k], rr)
	}
	if len(sets) != len(sigs) {
		t.Errorf("%d sets, %d signatures", len(sets), len(sigs))
	}
	for k, set := range sets {
		s := sigs[k]
		switch {
		case s == nil:
			t.Errorf("%s is not signed", k)
		case !s.ValidityPeriod(at) || s.SignerName != sig || s.OrigTtl != set[0].Header().Ttl || s.Hdr.Ttl != s.OrigTtl || s.KeyTag != key.KeyTag():
			t.Errorf("%s: %v", k, s)
		case s.Verify(key, set) != nil:
			wrong = append(wrong, k)
		}
	}
	return wrong
}

func TestSigned(t *testing.T) {
	h, key := signedHandler(t, nil)
	for _, test := range []struct {
		name   string
		typ    uint16
		answer int    // records without signatures
		types  string // of the NSEC that denies
		wrong  bool
	}{
		{"valid." + sig, dns.TypeA, 1, "", false},
		{"valid." + sig, dns.TypeAAAA, 1, "", false},
		{"VaLiD." + strings.ToUpper(sig), dns.TypeA, 1, "", false},
		{"valid." + sig, dns.TypeHTTPS, 0, "A AAAA RRSIG NSEC", false},
		{"valid." + sig, dns.TypeDS, 0, "A AAAA RRSIG NSEC", false},
		{"valid." + sig, dns.TypeNSEC, 1, "", false},
		{"valid." + sig, dns.TypeANY, 1, "", false},
		{"broken." + sig, dns.TypeA, 1, "", true},
		{"broken." + sig, dns.TypeAAAA, 1, "", true},
		{"broken." + sig, dns.TypeHTTPS, 0, "A AAAA RRSIG NSEC", false},
		{"broken." + sig, dns.TypeNSEC, 1, "", false},
		{sig, dns.TypeDNSKEY, 1, "", false},
		{sig, dns.TypeSOA, 1, "", false},
		{sig, dns.TypeNS, 2, "", false},
		{sig, dns.TypeA, 0, "NS SOA RRSIG NSEC DNSKEY", false},
		{"nothing." + sig, dns.TypeA, 0, "RRSIG NSEC NXNAME", false},
		{"f0." + tok + "." + sig, dns.TypeA, 0, "RRSIG NSEC NXNAME", false},
		{"a.valid." + sig, dns.TypeNSEC, 1, "", false},
	} {
		where := dns.TypeToString[test.typ] + " " + test.name
		m := ask(t, h, secure(test.name, test.typ), sightings.UDP)
		if m.Rcode != dns.RcodeSuccess || !m.Authoritative || m.Truncated {
			t.Errorf("%s: %v", where, m.MsgHdr)
		}
		n := 0
		for _, rr := range m.Answer {
			if rr.Header().Rrtype != dns.TypeRRSIG {
				n++
			}
			if rr.Header().Name != test.name {
				t.Errorf("%s: answers for %s", where, rr.Header().Name)
			}
		}
		if n != test.answer {
			t.Errorf("%s: %d records, want %d", where, n, test.answer)
		}
		wrong := verify(t, key, append(m.Answer, m.Ns...), time.Now())
		if (len(wrong) > 0) != test.wrong {
			t.Errorf("%s: wrong signatures %v", where, wrong)
		}
		for _, rr := range m.Ns {
			if nsec, ok := rr.(*dns.NSEC); ok {
				types := strings.Join(strings.Fields(nsec.String())[5:], " ")
				if types != test.types || nsec.Header().Name != dns.CanonicalName(test.name) || nsec.NextDomain != `\000.`+nsec.Header().Name {
					t.Errorf("%s: %v", where, nsec)
				}
			}
		}
		if (len(m.Ns) == 4) != (test.types != "") {
			t.Errorf("%s: %d records in authority", where, len(m.Ns))
		}
	}
}

// TestUnsigned: who does not ask for signatures gets none, and NXDOMAIN.
func TestUnsigned(t *testing.T) {
	h, _ := signedHandler(t, nil)
	for _, test := range []struct {
		name  string
		typ   uint16
		rcode int
		want  string
	}{
		{"broken." + sig, dns.TypeA, dns.RcodeSuccess, "broken." + sig + " A 203.0.113.53"},
		{"nothing." + sig, dns.TypeA, dns.RcodeNameError, sig + " SOA"},
		{"valid." + sig, dns.TypeTXT, dns.RcodeSuccess, sig + " SOA"},
		{"valid." + sig, dns.TypeNXNAME, dns.RcodeFormatError, ""},
		{"valid." + sig, dns.TypeRRSIG, dns.RcodeRefused, ""},
		{sig, dns.TypeDS, dns.RcodeSuccess, soa},
		{sig, dns.TypeAXFR, dns.RcodeRefused, ""},
	} {
		m := ask(t, h, query(test.name, test.typ), sightings.UDP)
		if got := short(append(m.Answer, m.Ns...)); m.Rcode != test.rcode || !strings.HasPrefix(got, test.want) || strings.Contains(got, "RRSIG") {
			t.Errorf("%s %s: %s %q", dns.TypeToString[test.typ], test.name, dns.RcodeToString[m.Rcode], got)
		}
	}
	q := secure("nothing."+sig, dns.TypeA)
	q.IsEdns0().SetCo()
	if m := ask(t, h, q, sightings.UDP); m.Rcode != dns.RcodeNameError || len(m.Ns) != 4 {
		t.Errorf("with the CO flag: %v", m)
	}
	if m := ask(t, h, secure(longest, dns.TypeA), sightings.UDP); m.Rcode != dns.RcodeRefused || m.Authoritative {
		t.Errorf("a name without a next one: %v", m)
	}
	plain, _ := handler(t)
	if m := ask(t, plain, secure("valid."+sig, dns.TypeA), sightings.UDP); m.Rcode != dns.RcodeNameError {
		t.Errorf("without a key: %v", m)
	}
}

// TestSignBudget: a flood of invented names costs a bounded number of signatures,
// and the names of a check are answered all the same.
func TestSignBudget(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	h, key := signedHandler(t, func() time.Time { return now })
	flood := func() (answered int) {
		for range 600 {
			if m := ask(t, h, secure("nothing."+sig, dns.TypeA), sightings.UDP); m.Rcode == dns.RcodeSuccess {
				answered++
			} else if m.Rcode != dns.RcodeServerFailure || len(m.Ns) != 0 {
				t.Fatal(m)
			}
		}
		return answered
	}
	if n := flood(); n != 400 {
		t.Errorf("%d were signed at once", n)
	}
	first := ask(t, h, secure("valid."+sig, dns.TypeA), sightings.UDP).Answer
	if wrong := verify(t, key, first, now); len(first) != 2 || wrong != nil {
		t.Errorf("%v", first)
	}
	now = now.Add(time.Second)
	if n := flood(); n != 200 {
		t.Errorf("%d were signed a second later", n)
	}
	again := ask(t, h, secure("valid."+sig, dns.TypeA), sightings.UDP).Answer
	if !slices.EqualFunc(first, again, func(a, b dns.RR) bool { return a.String() == b.String() }) {
		t.Error("the signature was not kept")
	}
	now = now.Add(time.Hour)
	later := ask(t, h, secure("valid."+sig, dns.TypeA), sightings.UDP).Answer
	if wrong := verify(t, key, later, now.Add(time.Hour)); wrong != nil || later[1].String() == first[1].String() {
		t.Errorf("an hour later: %v", later)
	}
}

func BenchmarkSigned(b *testing.B) {
	h, _ := signedHandler(b, nil)
	for name, q := range map[string]*dns.Msg{"kept": secure("valid."+sig, dns.TypeA), "once": secure("nothing."+sig, dns.TypeA)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h.Respond(q, resolver.Addr(), sightings.UDP)
			}
		})
	}
}
