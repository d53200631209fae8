package dnssec

import (
	"fmt"
	"sync"
	"time"

	"github.com/miekg/dns"

	"watertight/server/limit"
)

const (
	// period is how long a signature is kept, and the grain of its times.
	period = time.Hour
	// before and after the period: for resolvers with a wrong clock, and for what
	// they keep.
	before, after = 3 * time.Hour, 48 * time.Hour
	// kept sets: a zone's own are about ten.
	maxKept = 64
)

// budget for signatures that are made for one answer: at some 60 µs each this is
// about 1 % of a core. A check needs none, its names are kept.
var budget = limit.Rate{PerSecond: 200, Burst: 400}

// Signer makes the signatures of one zone. It is safe for concurrent use.
type Signer struct {
	zone   string
	key    *Key
	tag    uint16
	now    func() time.Time
	budget *limit.Budget

	mu   sync.Mutex
	from time.Time // of the period that kept is for
	kept map[set]*dns.RRSIG
}

type set struct {
	name string
	kind uint16
}

// NewSigner is for a zone in canonical spelling.
func NewSigner(zone string, k *Key, now func() time.Time) *Signer {
	start := now()
	return &Signer{
		zone: zone, key: k, tag: k.DNSKEY(zone).KeyTag(), now: now,
		budget: limit.NewBudget(budget, func() time.Duration { return now().Sub(start) }),
	}
}

// Fixed signs a set that never changes, once in a period.
func (s *Signer) Fixed(rrs []dns.RR) (*dns.RRSIG, error) {
	h := rrs[0].Header()
	k := set{dns.CanonicalName(h.Name), h.Rrtype}
	from := s.now().Truncate(period)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !from.Equal(s.from) || len(s.kept) >= maxKept {
		s.from, s.kept = from, make(map[set]*dns.RRSIG)
	}
	if sig := s.kept[k]; sig != nil {
		return sig, nil
	}
	sig, err := s.sign(rrs, from)
	if err == nil {
		s.kept[k] = sig
	}
	return sig, err
}

// Once signs a set that nobody will ask for again; nil when too many were asked
// for.
func (s *Signer) Once(rrs []dns.RR) (*dns.RRSIG, error) {
	if !s.budget.Take() {
		return nil, nil //nolint:nilnil // as documented
	}
	return s.sign(rrs, s.now().Truncate(period))
}

func (s *Signer) sign(rrs []dns.RR, from time.Time) (*dns.RRSIG, error) {
	sig := &dns.RRSIG{
		Hdr:       dns.RR_Header{Ttl: rrs[0].Header().Ttl}, // RFC 4034 §3: that of the set
		Inception: uint32(from.Add(-before).Unix()), Expiration: uint32(from.Add(after).Unix()),
		KeyTag: s.tag, SignerName: s.zone, Algorithm: dns.ECDSAP256SHA256,
	}
	if err := sig.Sign(s.key.private, rrs); err != nil {
		return nil, fmt.Errorf("sign %s: %w", rrs[0].Header().Name, err)
	}
	return sig, nil
}
