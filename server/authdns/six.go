package authdns

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

// six is the child zone v6.<zone>, whose only name server has only an IPv6
// address: who resolves a name in it can do so over IPv6 alone. We serve both
// sides of the cut, and the family of the query tells on which side it is: what
// comes over IPv4 was meant for the parent and is referred, as it would be if the
// two were different machines. So a resolver without IPv6 cannot follow.
type six struct {
	zone string
	ns   *dns.NS
	glue []dns.RR
}

func newSix(parent string, glue []dns.RR) *six {
	zone := "v6." + parent
	return &six{zone, &dns.NS{Hdr: header(zone, dns.TypeNS, zoneTTL), Ns: "ns6." + parent}, glue}
}

// has reports whether a query concerns the child. DS at the cut is a question to
// the parent (RFC 4035 §3.1.4.1).
func (s *six) has(name string, qtype uint16) bool {
	return s != nil && dns.IsSubDomain(s.zone, name) && (name != s.zone || qtype != dns.TypeDS)
}

func (h *Handler) delegated(m *dns.Msg, q dns.Question, e edns, from netip.Addr, over sightings.Transport) {
	// As in the query, to compress into it.
	zone := q.Name[len(q.Name)-len(h.six.zone):]
	if from.Is4() {
		m.Ns = respell([]dns.RR{h.six.ns}, zone)
		m.Extra = append(append([]dns.RR{}, h.six.glue...), m.Extra...)
		return
	}
	m.Authoritative = true
	prefix := strings.TrimSuffix(dns.CanonicalName(q.Name[:len(q.Name)-len(zone)]), ".")
	if prefix == "" {
		h.sixApex(m, q)
	} else {
		n := below(prefix)
		if n.kind != nothing {
			h.see(n, q.Qtype, e, from, over)
		}
		if n.kind == probe && h.probe(m, n.label.Vector(), over) {
			return
		}
		if n.kind == nothing {
			m.Rcode = dns.RcodeNameError
		}
	}
	if len(m.Answer) == 0 {
		m.Ns = []dns.RR{h.soa(zone, "ns6.", negativeTTL)}
	}
}

func (h *Handler) sixApex(m *dns.Msg, q dns.Question) {
	switch q.Qtype {
	case dns.TypeSOA:
		m.Answer = []dns.RR{h.soa(q.Name, "ns6.", zoneTTL)}
	case dns.TypeNS:
		m.Answer = respell([]dns.RR{h.six.ns}, q.Name)
		m.Extra = append(append([]dns.RR{}, h.six.glue...), m.Extra...)
	default:
		m.Answer = pick(nil, q)
	}
}
