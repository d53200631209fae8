// Package fast answers the DNS queries that come by the thousand: for probes, for
// the zone's own names, for names that do not exist. It reads the packet in place
// and writes the answer into the buffer that goes out, without allocating.
//
// It is not a second name server. Its answers are byte for byte those of package
// authdns, which tests and fuzzing hold it to; of everything that it does not
// know for certain it says so and leaves it to authdns: child zones, signatures,
// types that are no data, odd names, odd options, and all that is malformed.
package fast

import (
	"net/netip"
	"strings"
	"time"

	"watertight/server/cookie"
	"watertight/server/sightings"
)

// Config of an Answerer: the zone as authdns serves it.
type Config struct {
	Zone    string   // canonical: lower case, final dot
	Hosts   []Host   // the apex is the one without a label
	Servers []string // labels of the name servers; the first is in the SOA
	Cuts    []string // labels of names that start zones that are not known here
	Six     *Six     // nil is none
	Types   []uint16 // that the apex has besides, and that are not known here

	AddressTTL, ZoneTTL, NegativeTTL uint32
	Serial, Refresh, Retry, Expire   uint32
	Mailbox                          string // label of the SOA's
	UDPSize, PlainSize               uint16 // limits with EDNS and without
	Gain                             func(query int) int
	NotAuthoritative                 uint16 // extended error of names outside
	Jar                              *cookie.Jar
	Record                           func(sightings.Observation)
}

// Host is a name with addresses; an invalid one is none.
type Host struct {
	Label  string
	V4, V6 netip.Addr
}

// Six is the child zone that only IPv6 reaches: over IPv4 it is referred to.
type Six struct{ Label, Server string }

// Answerer is safe for concurrent use.
type Answerer struct {
	Config
	zone   []byte // on the wire, as are the others
	labels int
	hosts  map[string]*host
	cuts   map[string]bool
	server [][]byte
	six    []byte // name server of the child zone
	mbox   []byte
	soa    []byte // the numbers at its end
	// lengths has a bit for that of each label of ours: those of tokens are others.
	lengths uint64
}

type host struct {
	name   []byte
	v4, v6 []byte
}

// New prepares the answers.
func New(c Config) *Answerer {
	a := &Answerer{Config: c, zone: wire(c.Zone), hosts: make(map[string]*host), cuts: make(map[string]bool)}
	a.labels = strings.Count(c.Zone, ".")
	for _, h := range c.Hosts {
		one := &host{name: a.below(h.Label)}
		if h.V4.IsValid() {
			one.v4 = h.V4.AsSlice()
		}
		if h.V6.IsValid() {
			one.v6 = h.V6.AsSlice()
		}
		a.hosts[h.Label] = one
		a.lengths |= 1 << len(h.Label)
	}
	for _, label := range c.Cuts {
		a.cuts[label] = true
		a.lengths |= 1 << len(label)
	}
	for _, label := range c.Servers {
		a.server = append(a.server, a.below(label))
	}
	if c.Six != nil {
		a.six = a.below(c.Six.Server)
		a.lengths |= 1 << len(c.Six.Label)
	}
	a.mbox = a.below(c.Mailbox)
	for _, n := range []uint32{c.Serial, c.Refresh, c.Retry, c.Expire, c.NegativeTTL} {
		a.soa = append(a.soa, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return a
}

func (a *Answerer) below(label string) []byte {
	if label == "" {
		return a.zone
	}
	return wire(label + "." + a.Zone)
}

// wire turns a name without escapes into its wire form (RFC 1035 §3.1).
func wire(name string) []byte {
	var b []byte
	for label := range strings.SplitSeq(strings.TrimSuffix(name, "."), ".") {
		b = append(append(b, byte(len(label))), label...)
	}
	return append(b, 0)
}

// Answer appends the reply to dst, or reports false: then nothing has happened,
// and the query is for authdns. The packet is a query (its QR bit is zero) of at
// least a header.
func (a *Answerer) Answer(dst, packet []byte, from netip.Addr, over sightings.Transport, now time.Time) ([]byte, bool) {
	r := reply{b: dst, start: len(dst)}
	q := &r.q
	if !q.parse(packet) {
		return dst, false
	}
	n, ok := a.find(q, from.Is4())
	if !ok {
		return dst, false
	}
	r.begin()
	a.answer(&r, n, over)
	a.edns(&r, n, from, now)
	// Whether and where to cut is not for us.
	if r.plain > a.limit(q, over) || over == sightings.UDP && len(r.b)-r.start > a.Gain(len(packet)) {
		return dst, false
	}
	if n.token[0] != 0 {
		a.Record(sightings.Observation{
			Token: n.token, Label: n.label, Resolver: from, Transport: over,
			Type: q.qtype, EDNS: q.seen(), ECS: q.subnet(), At: now,
		})
	}
	return r.b, true
}

// Proven reports whether a query holds a cookie that we gave to this address; sure
// is false when authdns has to look.
func (a *Answerer) Proven(packet []byte, from netip.Addr) (proven, sure bool) {
	var q query
	if len(packet) < headerSize || !q.parse(packet) {
		return false, false
	}
	valid, _ := a.Jar.Check(q.cookie, from)
	return valid, true
}

func (a *Answerer) limit(q *query, over sightings.Transport) int {
	switch {
	case over == sightings.TCP:
		return 1<<16 - 1
	case !q.opt:
		return int(a.PlainSize)
	default:
		return int(min(a.UDPSize, max(a.PlainSize, q.size)))
	}
}
