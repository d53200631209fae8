package check

import (
	"errors"
	"fmt"
	"net"
	"net/netip"

	"github.com/miekg/dns"
)

// Roots are the root servers' addresses (IANA's root hints), both families, so
// that a machine with one of them gets on.
var Roots = []netip.Addr{
	netip.MustParseAddr("198.41.0.4"), netip.MustParseAddr("199.7.91.13"), netip.MustParseAddr("192.5.5.241"),
	netip.MustParseAddr("193.0.14.129"), netip.MustParseAddr("199.7.83.42"),
	netip.MustParseAddr("2001:503:ba3e::2:30"), netip.MustParseAddr("2001:500:2f::f"), netip.MustParseAddr("2001:7fd::1"),
}

// maxReferrals: the deepest names of the real tree need half of it.
const maxReferrals = 12

var (
	errNoAnswer = errors.New("no name server answers")
	errLoop     = errors.New("referrals do not come to an end")
)

// parent is the zone above, and the servers that answer for it.
type parent struct {
	name    string // canonical
	servers []netip.Addr
}

// findParent follows referrals from the root to the servers that delegate the zone,
// or ought to.
func (r *run) findParent() (parent, error) {
	at := parent{".", r.Roots}
	for range maxReferrals {
		m, err := r.askAny(at.servers, dns.TypeNS)
		if err != nil {
			return at, err
		}
		next := ""
		for _, rr := range m.Ns {
			name := dns.CanonicalName(rr.Header().Name)
			if rr.Header().Rrtype == dns.TypeNS && dns.IsSubDomain(name, dns.Fqdn(r.Zone)) && dns.CountLabel(name) > dns.CountLabel(at.name) {
				next = name
			}
		}
		if next == "" || next == dns.Fqdn(r.Zone) {
			at.name = r.apex(at, m)
			return at, nil
		}
		at = parent{next, r.addressesOf(next, m)}
	}
	return at, errLoop
}

// apex of the zone above: the same servers may serve several levels. Who denies
// something names it, and a DS is denied by the upper side of a cut (RFC 4035 §3.1.4.1).
func (r *run) apex(at parent, m *dns.Msg) string {
	soa := owner(m)
	if soa == "" {
		if ds, err := r.askAny(at.servers, dns.TypeDS); err == nil {
			soa = owner(ds)
		}
	}
	if soa == "" || soa == dns.Fqdn(r.Zone) {
		return at.name
	}
	return soa
}

// askAny takes the first answer.
func (r *run) askAny(list []netip.Addr, qtype uint16) (*dns.Msg, error) {
	err := errNoAnswer
	for _, a := range list {
		m, e := ask(r.ctx, "udp", netip.AddrPortFrom(a, r.Port), r.Zone, qtype)
		if e == nil && m.Rcode != dns.RcodeServerFailure && m.Rcode != dns.RcodeRefused {
			return m, nil
		}
		if e != nil {
			err = fmt.Errorf("%w: %w", errNoAnswer, e)
		}
	}
	return nil, err
}

// addressesOf a referral's servers: its glue, and where it has none the system's
// resolver knows.
func (r *run) addressesOf(zone string, m *dns.Msg) (list []netip.Addr) {
	for _, name := range targets(zone, m.Ns) {
		found := addressesOf(name, m.Extra)
		if len(found) == 0 {
			found, _ = net.DefaultResolver.LookupNetIP(r.ctx, "ip", name)
		}
		for _, a := range found {
			list = append(list, a.Unmap())
		}
	}
	return list
}

// owner of the SOA in a negative answer: the zone that says no.
func owner(m *dns.Msg) string {
	for _, rr := range m.Ns {
		if rr.Header().Rrtype == dns.TypeSOA {
			return dns.CanonicalName(rr.Header().Name)
		}
	}
	return ""
}
