package authdns

import (
	"net/netip"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/dnssec"
	"watertight/server/sightings"
)

// TestChallenge: the texts are there while a certificate is asked for, in both zones,
// signed where the zone is, and gone afterwards.
func TestChallenge(t *testing.T) {
	key, err := dnssec.Generate()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]string{}
	h, err := New(Config{Zone: "watertight.test", IPv4: netip.MustParseAddr("192.0.2.1"), Key: key, Challenges: func(name string) []string { return texts[name] }})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(name string) *dns.Msg {
		q := new(dns.Msg)
		q.SetQuestion(name, dns.TypeTXT)
		q.SetEdns0(1232, true)
		wire, _ := q.Pack()
		var m dns.Msg
		if err := m.Unpack(h.Answer(nil, wire, netip.MustParseAddrPort("192.0.2.9:999"), sightings.TCP)); err != nil {
			t.Fatal(err)
		}
		return &m
	}
	for name, value := range map[string]string{"_acme-challenge.watertight.test": "one", "_acme-challenge.sig.watertight.test": "two"} {
		if m := ask(name + "."); len(m.Answer) != 0 {
			t.Errorf("%s before: %v", name, m)
		}
		for _, v := range []string{value, value + " again"} { // a signature of before would not fit
			texts[name] = []string{v}
			m := ask("_ACME-challenge" + name[len("_acme-challenge"):] + ".")
			if m.Rcode != dns.RcodeSuccess || !m.Authoritative || len(m.Answer) == 0 || m.Answer[0].(*dns.TXT).Txt[0] != v {
				t.Fatalf("%s: %v", name, m)
			}
			if len(m.Answer) == 2 {
				if err := m.Answer[1].(*dns.RRSIG).Verify(key.DNSKEY("sig.watertight.test."), m.Answer[:1]); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			} else if name[len("_acme-challenge."):] != "watertight.test" {
				t.Errorf("%s is not signed", name)
			}
		}
		delete(texts, name)
		if m := ask(name + "."); len(m.Answer) != 0 {
			t.Errorf("%s after: %v", name, m)
		}
	}
	texts["www.watertight.test"] = []string{"no"}
	if m := ask("www.watertight.test."); m.Rcode != dns.RcodeNameError {
		t.Errorf("a text outside _acme-challenge: %v", m)
	}
}
