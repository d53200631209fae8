package check

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/miekg/dns"
)

// patience with one packet; a lost one is sent again once.
const (
	patience = 2 * time.Second
	tries    = 2
)

// ask sends one question; recursion is asked for only of resolvers.
func ask(ctx context.Context, network string, at netip.AddrPort, name string, qtype uint16, options ...func(*dns.Msg)) (*dns.Msg, error) {
	q := new(dns.Msg)
	q.SetQuestion(dns.Fqdn(name), qtype)
	q.RecursionDesired = false
	q.SetEdns0(1232, false)
	for _, o := range options {
		o(q)
	}
	c := &dns.Client{Net: network, Timeout: patience}
	var last error
	for range tries {
		m, _, err := c.ExchangeContext(ctx, q, at.String())
		if err == nil && m.Truncated && network == "udp" && len(options) == 0 {
			return ask(ctx, "tcp", at, name, qtype, options...)
		}
		if err == nil {
			return m, nil
		}
		last = err
	}
	return nil, fmt.Errorf("ask %s over %s: %w", at, network, last)
}

// recursion makes a question one for a resolver. These may have to try several
// servers, and pass truncation on.
func recursion(q *dns.Msg) { q.RecursionDesired = true }

func signatures(q *dns.Msg) { q.IsEdns0().SetDo() }

// addressesOf reads the addresses of a name out of records.
func addressesOf(name string, rrs ...[]dns.RR) (list []netip.Addr) {
	for _, section := range rrs {
		for _, rr := range section {
			if dns.CanonicalName(rr.Header().Name) != dns.CanonicalName(name) {
				continue
			}
			var a netip.Addr
			switch v := rr.(type) {
			case *dns.A:
				a, _ = netip.AddrFromSlice(v.A.To4())
			case *dns.AAAA:
				a, _ = netip.AddrFromSlice(v.AAAA)
			}
			if a.IsValid() {
				list = append(list, a)
			}
		}
	}
	return list
}

// targets of the NS records of a name.
func targets(name string, rrs ...[]dns.RR) (list []string) {
	for _, section := range rrs {
		for _, rr := range section {
			if ns, ok := rr.(*dns.NS); ok && dns.CanonicalName(ns.Hdr.Name) == dns.CanonicalName(name) {
				list = append(list, dns.CanonicalName(ns.Ns))
			}
		}
	}
	return list
}
