package authdns

import (
	"slices"

	"github.com/miekg/dns"
)

// gain is the largest unsigned answer over UDP to a query of so many octets, two
// and a half times that: who forges addresses finds better amplifiers. Answers of
// everyday names are smaller (with zones of 14 octets and more, all of them);
// others are truncated, and a resolver that is real comes back over TCP.
func gain(query int) int { return query * 5 / 2 }

func isSigned(m *dns.Msg) bool {
	sig := func(rr dns.RR) bool { return rr.Header().Rrtype == dns.TypeRRSIG }
	return slices.ContainsFunc(m.Answer, sig) || slices.ContainsFunc(m.Ns, sig)
}

// cut leaves the question and our OPT.
func cut(m *dns.Msg) {
	m.Truncated, m.Answer, m.Ns = true, nil, nil
	m.Extra = slices.DeleteFunc(m.Extra, func(rr dns.RR) bool { return rr.Header().Rrtype != dns.TypeOPT })
}
