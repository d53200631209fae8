// Package authdns is the authoritative name server of the companion's zone. Its
// purpose is not the answers but the questions: a resolver that asks for
// <label>.<token>.<zone> shows its address, and that is recorded as a sighting.
//
// It is a pure function from packet to packet (plus the record); packages udp and
// tcp do the input and output. miekg/dns does the wire format, except of what
// comes most: that is answered by package fast, with the same bytes.
package authdns

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"watertight/server/authdns/fast"
	"watertight/server/cookie"
	"watertight/server/dnssec"
	"watertight/server/sightings"
)

// Config of a Handler.
type Config struct {
	Zone string // without a final dot
	// IPv4 and IPv6 are the public addresses of this host; an invalid one means
	// that the family is not offered.
	IPv4, IPv6 netip.Addr
	// Servers are the addresses of ns1, ns2 and so on, in all of which this zone is served;
	// none means that both are this host. Web are those of the API, to which the names of
	// websites lead; none means this host.
	Servers []Pair
	Web     Pair
	// Key signs the zone sig.<zone>; without one there is no such zone.
	Key *dnssec.Key
	// CAA names the authorities that may issue certificates below the zone (RFC
	// 8659); none is anybody. Text is what the operator says at its apex.
	CAA, Text []string
	// Challenges are the texts of a name below _acme-challenge, while a certificate is
	// asked for; nil is never.
	Challenges func(name string) []string
	// Now is for the times in signatures and cookies; nil is the clock.
	Now func() time.Time
	// Record is told of every query for a probe or a token.
	Record func(sightings.Observation)
}

// Pair is one address of each family; an invalid one is none.
type Pair struct{ V4, V6 netip.Addr }

// own is this host.
func (c Config) own() Pair { return Pair{c.IPv4.Unmap(), c.IPv6} }

// servers are the name servers in order. Registries ask for two names.
func (c Config) servers() []Pair {
	if len(c.Servers) == 0 {
		return []Pair{c.own(), c.own()}
	}
	return c.Servers
}

func (c Config) web() Pair {
	if c.Web == (Pair{}) {
		return c.own()
	}
	return c.Web
}

func serverLabel(i int) string { return fmt.Sprintf("ns%d", i+1) }

// Handler answers queries. It is safe for concurrent use.
type Handler struct {
	zone   string  // canonical: lower case, final dot
	six    *six    // nil without IPv6
	signed *signed // nil without a key
	hosts  map[string][]dns.RR
	ns     []dns.RR
	glue   []dns.RR
	jar    *cookie.Jar
	fast   *fast.Answerer
	record func(sightings.Observation)
	now    func() time.Time

	challenges func(name string) []string
}

// Errors of New.
var (
	ErrZone      = errors.New("not a usable zone name")
	ErrAddresses = errors.New("no address to publish")
)

// maxZone leaves room for "<label>.<token>.v6." in a name of 253 characters.
const maxZone = 253 - len("f00.") - sightings.TokenLen - len(".v6.")

// CheckZone says whether a name can be served: letters, digits and hyphens, as
// in host names (RFC 1123 §2.1), and short enough for the probes.
func CheckZone(zone string) error {
	if zone == "" || len(zone) > maxZone {
		return fmt.Errorf("%w: want 1 to %d characters", ErrZone, maxZone)
	}
	for label := range strings.SplitSeq(zone, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return fmt.Errorf("%w: label %q", ErrZone, label)
		}
		for _, c := range []byte(label) {
			if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' {
				return fmt.Errorf("%w: character %q", ErrZone, c)
			}
		}
	}
	return nil
}

// New makes the handler of a zone.
func New(c Config) (*Handler, error) {
	if err := CheckZone(c.Zone); err != nil {
		return nil, fmt.Errorf("use zone: %w", err)
	}
	if !c.IPv4.IsValid() && !c.IPv6.IsValid() {
		return nil, fmt.Errorf("use zone: %w", ErrAddresses)
	}
	if c.Record == nil {
		c.Record = func(sightings.Observation) {}
	}
	h := &Handler{zone: dns.CanonicalName(c.Zone), record: c.Record, challenges: c.Challenges}
	h.build(c)
	if err := h.declare(c); err != nil {
		return nil, fmt.Errorf("use zone: %w", err)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	h.now, h.jar = c.Now, cookie.New(c.Now)
	if c.Key != nil {
		h.hosts[sigLabel+h.zone] = nil // for the parent's side of the cut
		h.signed = h.newSigned(c.Key, c.Now, c.web())
	}
	h.fast = fast.New(h.quick(c))
	return h, nil
}

// Answer appends the reply to one packet to dst; nil means silence. Only what
// cannot be a query is met with silence: answering responses would make loops.
func (h *Handler) Answer(dst, packet []byte, from netip.AddrPort, over sightings.Transport) []byte {
	return h.AnswerAt(dst, packet, from, over, h.now())
}

// AnswerAt is for who knows already what time it is.
func (h *Handler) AnswerAt(dst, packet []byte, from netip.AddrPort, over sightings.Transport, now time.Time) []byte {
	const headerSize, qr = 12, 0x80
	if len(packet) < headerSize || packet[2]&qr != 0 || from.Port() == 0 {
		return nil
	}
	if out, ok := h.fast.Answer(dst, packet, from.Addr().Unmap(), over, now); ok {
		return out
	}
	return h.full(dst, packet, from, over)
}

// full answers anything that has a header.
func (h *Handler) full(dst, packet []byte, from netip.AddrPort, over sightings.Transport) []byte {
	var reply *dns.Msg
	q, err := unpack(packet)
	if err != nil {
		reply = formatError(packet)
	} else {
		reply = h.Respond(q, from.Addr().Unmap(), over)
	}
	reply.Truncate(sizeLimit(q, over))
	reply.Compress = true // Truncate leaves it off when the plain form fits
	wire, err := reply.Pack()
	if over == sightings.UDP && len(wire) > gain(len(packet)) && !isSigned(reply) {
		cut(reply)
		wire, err = reply.Pack()
	}
	if err != nil {
		return nil
	}
	return append(dst, wire...)
}

// formatError answers what does not parse: the id and the opcode are all that
// can be trusted of it, and that there is an OPT record if one can be seen: FORMERR
// without one means that EDNS is not known here (RFC 6891 §7), and resolvers
// remember that. Of an opcode that is not known nothing else is known either, so it
// cannot be malformed (RFC 8906 §8.1.4).
func formatError(packet []byte) *dns.Msg {
	var m dns.Msg
	m.Id = uint16(packet[0])<<8 | uint16(packet[1])
	m.Opcode = int(packet[2] >> 3 & 0xf)
	m.Response = true
	m.Rcode = dns.RcodeFormatError
	if m.Opcode != dns.OpcodeQuery {
		m.Rcode = dns.RcodeNotImplemented
		return &m
	}
	if opt, ok := findOPT(packet); ok {
		e := edns{present: true, do: flagsOf(opt)&flagDO != 0, compact: flagsOf(opt)&flagCO != 0}
		e.attach(&m)
	}
	return &m
}
