package authdns

import (
	"net/netip"

	"github.com/miekg/dns"

	"watertight/server/cookie"
	"watertight/server/sightings"
)

// Respond answers a parsed query.
func (h *Handler) Respond(q *dns.Msg, from netip.Addr, over sightings.Transport) *dns.Msg {
	m := new(dns.Msg)
	m.SetReply(q) // copies id, opcode, RD, CD and the question, byte for byte ("0x20")
	e, ok := readEDNS(q)
	if !ok {
		m.Rcode = dns.RcodeFormatError
		e.client = nil // it may be what is wrong, and nothing is answered for it
		e.attach(m)
		return m
	}
	e.attach(m)
	e.bake(h.jar, from)
	switch {
	case e.present && e.version != 0: // RFC 6891 §6.1.3
		m.Rcode = dns.RcodeBadVers
	case q.Opcode != dns.OpcodeQuery:
		m.Rcode = dns.RcodeNotImplemented
	case len(q.Question) == 0 && e.cookie != nil: // RFC 7873 §5.4: asks for a cookie, or whether one is good
		if valid, _ := h.jar.Check(e.cookie, from); !valid && len(e.cookie) > cookie.ClientSize {
			m.Rcode = dns.RcodeBadCookie
		}
	case len(q.Question) != 1: // RFC 9619
		m.Rcode = dns.RcodeFormatError
	default:
		h.resolve(m, q.Question[0], e, from, over)
	}
	return m
}

func (h *Handler) resolve(m *dns.Msg, q dns.Question, e edns, from netip.Addr, over sightings.Transport) {
	n := h.find(dns.CanonicalName(q.Name))
	if n.kind == outside || q.Qclass != dns.ClassINET {
		m.Rcode = dns.RcodeRefused
		e.explain(dns.ExtendedErrorCodeNotAuthoritative)
		return
	}
	switch q.Qtype {
	case dns.TypeAXFR, dns.TypeIXFR, dns.TypeMAILA, dns.TypeMAILB, dns.TypeTSIG, dns.TypeTKEY:
		m.Rcode = dns.RcodeRefused
		e.explain(dns.ExtendedErrorCodeProhibited)
		return
	case dns.TypeOPT, dns.TypeNone:
		m.Rcode = dns.RcodeFormatError
		return
	}
	switch name := dns.CanonicalName(q.Name); {
	case h.six.has(name, q.Qtype):
		h.delegated(m, q, e, from, over)
		return
	case h.signed.has(name, q.Qtype):
		h.signedAnswer(m, q, e)
		return
	}
	m.Authoritative = true
	// The SOA's owner in the query's own spelling compresses into it.
	zone := q.Name[len(q.Name)-len(h.zone):]
	switch n.kind {
	case apex:
		h.apex(m, q, n.rrs, over)
	case host:
		m.Answer = pick(n.rrs, q)
	case token, probe:
		h.see(n, q.Qtype, e, from, over)
		if n.kind == token {
			break
		}
		if h.probe(m, n.label.Vector(), over) {
			return
		}
	case nothing:
		m.Rcode = dns.RcodeNameError
	}
	if len(m.Answer) == 0 {
		m.Ns = []dns.RR{h.soa(zone, "ns1.", negativeTTL)} // RFC 2308 §3
	}
}

func (h *Handler) see(n node, qtype uint16, e edns, from netip.Addr, over sightings.Transport) {
	h.record(sightings.Observation{
		Token: n.token, Label: n.label, Resolver: from, Transport: over,
		Type: qtype, EDNS: e.seen(), ECS: e.subnet(), At: h.now(),
	})
}

// probe answers a probe by its vector, and reports whether that is all.
func (h *Handler) probe(m *dns.Msg, vector string, over sightings.Transport) bool {
	switch {
	case vector == "x":
		// A failing name makes a stub resolver show its other servers.
		m.Rcode = dns.RcodeServerFailure
		m.Authoritative = false
		return true
	case vector == "t" && over == sightings.UDP:
		m.Truncated = true // the resolver comes back over TCP
		return true
	}
	m.Rcode = dns.RcodeNameError
	return false
}

// apex gives the name servers' addresses where nobody can forge one: a resolver
// that has come here knows them.
func (h *Handler) apex(m *dns.Msg, q dns.Question, rrs []dns.RR, over sightings.Transport) {
	switch q.Qtype {
	case dns.TypeSOA:
		m.Answer = []dns.RR{h.soa(q.Name, "ns1.", zoneTTL)}
	case dns.TypeNS:
		m.Answer = respell(h.ns, q.Name)
		if over == sightings.TCP {
			m.Extra = append(append([]dns.RR{}, h.glue...), m.Extra...)
		}
	default:
		m.Answer = pick(rrs, q)
	}
}

// pick selects the records of the type. ANY gets one small made-up record (RFC
// 8482 §4.2): the full set would serve nobody but an amplification attack.
func pick(rrs []dns.RR, q dns.Question) []dns.RR {
	if q.Qtype == dns.TypeANY {
		return []dns.RR{&dns.HINFO{Hdr: header(q.Name, dns.TypeHINFO, zoneTTL), Cpu: "RFC8482"}}
	}
	var found []dns.RR
	for _, rr := range rrs {
		if rr.Header().Rrtype == q.Qtype {
			found = append(found, rr)
		}
	}
	return respell(found, q.Name)
}

// respell copies records under the name as it was asked: the originals are
// shared between queries.
func respell(rrs []dns.RR, name string) []dns.RR {
	out := make([]dns.RR, 0, len(rrs))
	for _, rr := range rrs {
		c := dns.Copy(rr)
		c.Header().Name = name
		out = append(out, c)
	}
	return out
}
