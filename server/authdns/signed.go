package authdns

import (
	"encoding/base64"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/miekg/dns"

	"watertight/server/dnssec"
)

// signed is the child zone sig.<zone>, with one name whose signature is right and
// one whose signature is wrong: who resolves the first and not the second
// validates. The parent is not signed, so resolvers need a trust anchor.
type signed struct {
	zone   string
	signer *dnssec.Signer
	soa    *dns.SOA
	sets   map[string][]dns.RR // by name
}

// The names; package api knows them too.
const (
	sigLabel    = "sig."
	validLabel  = "valid."
	brokenLabel = "broken."
)

// exInvalidType of RFC 9824 §3.5: NXNAME is no question.
const exInvalidType = 30

func (h *Handler) newSigned(k *dnssec.Key, now func() time.Time, web Pair) *signed {
	s := &signed{zone: sigLabel + h.zone, sets: make(map[string][]dns.RR)}
	s.signer = dnssec.NewSigner(s.zone, k, now)
	s.soa = h.soa(s.zone, "ns1.", negativeTTL) // one TTL everywhere: signatures cover it
	s.sets[s.zone] = append(respell(h.ns, s.zone), s.soa, k.DNSKEY(s.zone))
	for _, label := range []string{validLabel, brokenLabel} {
		name := label + s.zone
		for _, a := range []netip.Addr{web.V4, web.V6} {
			if a.IsValid() {
				s.sets[name] = append(s.sets[name], addressRecord(name, a))
			}
		}
	}
	return s
}

// has reports whether a query concerns the child; DS is the parent's.
func (s *signed) has(name string, qtype uint16) bool {
	return s != nil && dns.IsSubDomain(s.zone, name) && (name != s.zone || qtype != dns.TypeDS)
}

func (h *Handler) signedAnswer(m *dns.Msg, q dns.Question, e edns) {
	s := h.signed
	name := dns.CanonicalName(q.Name)
	sets, exists := s.sets[name]
	fixed := exists
	if !exists {
		sets = h.challenge(name)
		exists = len(sets) > 0
	}
	nsec := denial(name, sets, exists)
	switch {
	case octets(name)+2 > maxName: // no next name to deny it up to, and nothing of ours is so long
		m.Rcode = dns.RcodeRefused
		return
	case q.Qtype == dns.TypeNXNAME:
		m.Rcode = dns.RcodeFormatError
		e.explain(exInvalidType)
		return
	case q.Qtype == dns.TypeRRSIG: // they do not stand alone
		m.Rcode = dns.RcodeRefused
		return
	case q.Qtype == dns.TypeNSEC:
		sets = []dns.RR{nsec}
	}
	m.Authoritative = true
	found := pick(sets, dns.Question{Name: name, Qtype: q.Qtype})
	ok := true
	switch {
	case len(found) > 0:
		m.Answer, ok = s.with(found, e.do, fixed && q.Qtype != dns.TypeANY)
		if strings.HasPrefix(name, brokenLabel) && q.Qtype != dns.TypeNSEC {
			spoil(m.Answer)
		}
		m.Answer = respell(m.Answer, q.Name)
	case !e.do:
		m.Ns = []dns.RR{s.soa}
	default:
		var proof []dns.RR
		if m.Ns, ok = s.with([]dns.RR{s.soa}, true, true); ok {
			proof, ok = s.with([]dns.RR{nsec}, true, fixed)
			m.Ns = append(m.Ns, proof...)
		}
	}
	// With DO, a name that is denied is one without data, unless the resolver says
	// that it knows better (RFC 9824 §5.1).
	if !exists && (!e.do || e.compact) {
		m.Rcode = dns.RcodeNameError
	}
	if !ok {
		m.Answer, m.Ns, m.Authoritative, m.Rcode = nil, nil, false, dns.RcodeServerFailure
		e.explain(dns.ExtendedErrorCodeNotReady)
	}
}

// with adds the signature when it is wanted; false when it cannot be made now.
func (s *signed) with(rrs []dns.RR, do, fixed bool) ([]dns.RR, bool) {
	if !do {
		return rrs, true
	}
	sign := s.signer.Once
	if fixed {
		sign = s.signer.Fixed
	}
	sig, err := sign(rrs)
	if err != nil || sig == nil {
		return nil, false
	}
	return append(rrs, sig), true
}

// spoil turns one bit of each signature. The records are shared: it works on
// copies.
func spoil(rrs []dns.RR) {
	for i, rr := range rrs {
		if sig, ok := rr.(*dns.RRSIG); ok {
			raw, _ := base64.StdEncoding.DecodeString(sig.Signature)
			raw[len(raw)-1] ^= 1
			c := *sig
			c.Signature = base64.StdEncoding.EncodeToString(raw)
			rrs[i] = &c
		}
	}
}

// maxName of RFC 1035 §3.1.
const maxName = 255

// octets of a name on the wire. The library counts less strictly than it reads.
func octets(name string) int {
	n, err := dns.PackDomainName(dns.Fqdn(name), make([]byte, 2*maxName), 0, nil, false)
	if err != nil {
		return 2 * maxName
	}
	return n
}

// denial is the compact one (RFC 9824 §3): from the name to the next possible one.
func denial(name string, sets []dns.RR, exists bool) *dns.NSEC {
	types := []uint16{dns.TypeRRSIG, dns.TypeNSEC}
	if !exists {
		types = append(types, dns.TypeNXNAME)
	}
	for _, rr := range sets {
		if t := rr.Header().Rrtype; !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	slices.Sort(types)
	return &dns.NSEC{Hdr: header(name, dns.TypeNSEC, negativeTTL), NextDomain: `\000.` + name, TypeBitMap: types}
}
