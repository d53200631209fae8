package root

import (
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		name    string
		qtype   uint16
		rcode   int
		answers int
		refers  bool
	}{
		{"f0.token.watertight.test.", dns.TypeA, dns.RcodeSuccess, 0, true},
		{"WaterTight.Test.", dns.TypeNS, dns.RcodeSuccess, 0, true},
		{"test.", dns.TypeA, dns.RcodeSuccess, 0, false}, // above the zone: exists, without data
		{"other.test.", dns.TypeA, dns.RcodeNameError, 0, false},
		{"example.com.", dns.TypeAAAA, dns.RcodeNameError, 0, false},
		{".", dns.TypeNS, dns.RcodeSuccess, 1, false},
		{Name, dns.TypeAAAA, dns.RcodeSuccess, 1, false},
	} {
		reply := Answer(new(dns.Msg).SetQuestion(c.name, c.qtype))
		refers := len(reply.Ns) == 2 && len(reply.Extra) == 4 && !reply.Authoritative
		if reply.Rcode != c.rcode || len(reply.Answer) != c.answers || refers != c.refers {
			t.Errorf("%s: %s", c.name, reply)
		}
		if _, err := reply.Pack(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if reply := Answer(new(dns.Msg)); reply.Rcode != dns.RcodeFormatError {
		t.Error(reply)
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
