package authdns

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

const (
	// addressTTL: short enough to move the host within minutes, long enough that
	// a check finds the names cached.
	addressTTL = 300
	// zoneTTL of SOA and NS: resolvers come back to us for every probe anyway.
	zoneTTL = 3600
	// negativeTTL (RFC 2308 §5): no probe is ever asked twice by design, so this
	// only spares us repeats inside one check.
	negativeTTL = 60
	// serial never changes: there are no secondaries, transfers are refused.
	serial = 1
	// mailbox is short because it is in every negative answer.
	mailbox = "dns"
	// Only secondaries would read these, so they are what RIPE-203 recommends.
	refresh, retry, expire = 86400, 7200, 3600000
)

func header(name string, rrtype uint16, ttl uint32) dns.RR_Header {
	return dns.RR_Header{Name: name, Rrtype: rrtype, Class: dns.ClassINET, Ttl: ttl}
}

// build makes the records that never change. ip4 and ip6 have one family each, so that
// a browser can be made to come over that family. stun is this very host: who was asked
// and answered is alive.
func (h *Handler) build(c Config) {
	own, web := c.own(), c.web()
	h.hosts = make(map[string][]dns.RR)
	add := func(label string, families ...netip.Addr) {
		name := label + h.zone
		h.hosts[name] = nil // the name exists even without an address
		for _, a := range families {
			if a.IsValid() {
				h.hosts[name] = append(h.hosts[name], addressRecord(name, a))
			}
		}
	}
	add("", web.V4, web.V6)
	add("stun.", own.V4, own.V6)
	add("ip4.", web.V4)
	add("ip6.", web.V6)
	if own.V6.IsValid() {
		add("v6.") // for the parent's side of the cut
		add("ns6.", own.V6)
		h.six = newSix(h.zone, h.hosts["ns6."+h.zone])
	}
	for i, at := range c.servers() {
		label := serverLabel(i) + "."
		add(label, at.V4, at.V6)
		h.ns = append(h.ns, &dns.NS{Hdr: header(h.zone, dns.TypeNS, zoneTTL), Ns: label + h.zone})
		h.glue = append(h.glue, h.hosts[label+h.zone]...)
	}
}

func addressRecord(name string, a netip.Addr) dns.RR {
	if a.Is4() {
		return &dns.A{Hdr: header(name, dns.TypeA, addressTTL), A: a.AsSlice()}
	}
	return &dns.AAAA{Hdr: header(name, dns.TypeAAAA, addressTTL), AAAA: a.AsSlice()}
}

// soa of the zone itself or of one below it: they differ in the name server.
func (h *Handler) soa(owner, server string, ttl uint32) *dns.SOA {
	return &dns.SOA{
		Hdr: header(owner, dns.TypeSOA, ttl),
		Ns:  server + h.zone, Mbox: mailbox + "." + h.zone, Serial: serial,
		Refresh: refresh, Retry: retry, Expire: expire, Minttl: negativeTTL,
	}
}

// node is what stands at a name.
type node struct {
	kind  nodeKind
	rrs   []dns.RR // of apex and host
	token sightings.Token
	label sightings.Label
}

type nodeKind int

const (
	outside nodeKind = iota
	nothing          // NXDOMAIN
	apex
	host
	token // an empty non-terminal, so that QNAME minimisation goes on (RFC 9156 §2.3)
	probe
)

// find works on the canonical name. IsSubDomain compares whole labels, so that
// neither "xzone" nor an escaped dot gets in.
func (h *Handler) find(name string) node {
	if !dns.IsSubDomain(h.zone, name) {
		return node{kind: outside}
	}
	if rrs, ok := h.hosts[name]; ok {
		if name == h.zone {
			return node{kind: apex, rrs: rrs}
		}
		return node{kind: host, rrs: rrs}
	}
	if rrs := h.challenge(name); len(rrs) > 0 {
		return node{kind: host, rrs: rrs}
	}
	return below(strings.TrimSuffix(name[:len(name)-len(h.zone)], "."))
}

// below reads what stands before the name of a zone with probes.
func below(prefix string) node {
	label, rest, deep := strings.Cut(prefix, ".")
	if !deep {
		rest, label = label, ""
	}
	t, ok := sightings.ParseToken(rest)
	if !ok {
		return node{kind: nothing}
	}
	if !deep {
		return node{kind: token, token: t}
	}
	l, ok := sightings.ParseLabel(label)
	if !ok {
		return node{kind: nothing}
	}
	return node{kind: probe, token: t, label: l}
}
