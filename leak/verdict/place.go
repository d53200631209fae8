package verdict

import (
	"net/netip"
	"strconv"
	"strings"

	"watertight/leak/address"
	"watertight/leak/operator"
)

// place is an address together with the network it is in. Either may be missing.
type place struct {
	addr netip.Addr
	net  *Network
}

// sameness is the answer to "are these two in one network?".
type sameness int

const (
	cannotTell sameness = iota
	same
	different
)

// compare tells whether two places are in one network: one AS, one operator or
// one organisation; and where an AS is not known, overlapping prefixes or
// neighbouring addresses. Two different AS numbers of different companies are
// different networks. Prefixes that differ prove nothing by themselves, since
// every provider has many.
func compare(a, b place) sameness {
	if a.addr.IsValid() && a.addr == b.addr {
		return same
	}
	x, y := a.facts(), b.facts()
	if operator.Same(x.ASN, y.ASN) || operator.SameOrganisation(x.Org, y.Org) {
		return same
	}
	if x.ASN != 0 && y.ASN != 0 {
		return different
	}
	if overlap(x.Prefix, y.Prefix) || holds(x.Prefix, b.addr) || holds(y.Prefix, a.addr) ||
		address.Near(a.addr, b.addr) {
		return same
	}
	if x.Org != "" && y.Org != "" {
		return different
	}
	return cannotTell
}

// facts gives what is known of the network, an empty one for nil.
func (p place) facts() Network {
	if p.net == nil {
		return Network{}
	}
	return *p.net
}

// known reports whether the network has anything to be recognised by.
func (p place) known() bool {
	f := p.facts()
	return f.ASN != 0 || f.Org != ""
}

// kind is what the network is used for: the companion's word first, since its
// operator may know better, then the table's.
func (p place) kind() operator.Kind {
	f := p.facts()
	if f.Kind != "" {
		return operator.Kind(f.Kind)
	}
	o, _ := operator.ByASN(f.ASN)
	return o.Kind
}

// rented reports whether servers stand there and not people: what VPN
// companies use, and what no internet provider gives its customers.
func (p place) rented() bool {
	k := p.kind()
	return k == operator.Hosting || k == operator.VPN
}

// name is what the user is told: the organisation, or the best that is left.
func (p place) name() string {
	f := p.facts()
	o, known := operator.ByASN(f.ASN)
	org := strings.TrimRight(f.Org, ". ") // "Cloudflare, Inc.", at the end of a sentence
	switch {
	case known && o.Kind == operator.Resolver:
		return o.Name // "Google", not "Google LLC"
	case org != "":
		return org
	case known:
		return o.Name
	case f.ASN != 0:
		return "AS" + strconv.FormatUint(uint64(f.ASN), 10)
	case p.addr.IsValid():
		return p.addr.String()
	}
	return f.Prefix
}

// exposes is the name for a finding: never a bare address.
func (p place) exposes() string {
	if !p.known() {
		return ""
	}
	return p.name()
}

// overlap reports whether one prefix contains the other.
func overlap(a, b string) bool {
	p, okP := parsePrefix(a)
	q, okQ := parsePrefix(b)
	return okP && okQ && p.Overlaps(q)
}

// holds reports whether a prefix contains an address.
func holds(prefix string, a netip.Addr) bool {
	p, ok := parsePrefix(prefix)
	return ok && a.IsValid() && p.Contains(a)
}

// parsePrefix reads a prefix. One without length says nothing: it holds all.
func parsePrefix(s string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Bits() == 0 {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}
