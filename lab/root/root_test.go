package root

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func TestAnswer(t *testing.T) {
	const refers, answers, nothing, nxdomain, refused = "refers", "answers", "nothing", "nxdomain", "refused"
	for _, c := range []struct {
		name             string
		qtype            uint16
		fromTop, fromTLD string
	}{
		{"f0.token.watertight.test.", dns.TypeA, refers, refers},
		{"WaterTight.Test.", dns.TypeNS, refers, refers},
		{"watertight.test.", dns.TypeDS, refers, nothing},
		{"test.", dns.TypeNS, refers, answers},
		{"test.", dns.TypeSOA, refers, answers},
		{"test.", dns.TypeDS, nothing, nothing},
		{"other.test.", dns.TypeA, refers, nxdomain},
		{"root.test.", dns.TypeA, refers, nothing}, // above a name: exists, without data
		{"example.com.", dns.TypeAAAA, nxdomain, refused},
		{".", dns.TypeNS, answers, refused},
		{".", dns.TypeSOA, answers, refused},
		{top.server, dns.TypeAAAA, refers, answers},
		{tld.server, dns.TypeA, refers, answers},
	} {
		for _, one := range []struct {
			level
			want string
		}{{top, c.fromTop}, {tld, c.fromTLD}} {
			m := one.answer(new(dns.Msg).SetQuestion(c.name, c.qtype))
			got := "garbage"
			switch {
			case m.Rcode == dns.RcodeRefused:
				got = refused
			case m.Rcode == dns.RcodeNameError && m.Authoritative && len(m.Ns) == 1:
				got = nxdomain
			case m.Rcode == dns.RcodeSuccess && m.Authoritative && len(m.Answer) == 1:
				got = answers
			case m.Rcode == dns.RcodeSuccess && m.Authoritative && len(m.Ns) == 1:
				got = nothing
			case m.Rcode == dns.RcodeSuccess && !m.Authoritative && len(m.Ns) > 0 && len(m.Extra) == 2*len(m.Ns):
				got = refers
			}
			if got != one.want {
				t.Errorf("%s %s: %s from %s, want %s\n%s", c.name, dns.TypeToString[c.qtype], got, one.zone, one.want, m)
			}
			if _, err := m.Pack(); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	if m := top.answer(new(dns.Msg)); m.Rcode != dns.RcodeFormatError {
		t.Error(m)
	}
}

func TestHints(t *testing.T) {
	if h := Hints(false); strings.Contains(h, "AAAA") || !strings.Contains(h, "203.0.113.4") {
		t.Error(h)
	}
	if h := Hints(true); !strings.Contains(h, "AAAA 2001:db8:53::4") {
		t.Error(h)
	}
}
