package check

import (
	"net/netip"

	"github.com/miekg/dns"
)

// families tells what users of a family get.
func (r *run) families() {
	if !r.IPv6.IsValid() {
		r.unknown("give the server --ip6 if this host has IPv6", "IPv6", "none is offered, so checks cannot see their users' IPv6: the leak that VPNs have most")
	}
	if !r.IPv4.IsValid() {
		r.wrong("give the server --ip4: most resolvers ask over IPv4", "IPv4", "none is offered")
	}
}

// clock: signatures, cookies and certificates live by it.
func (r *run) clock() {
	if m, at, err := r.signed(); err == nil && m != nil {
		for _, rr := range m.Answer {
			if sig, ok := rr.(*dns.RRSIG); ok && !sig.ValidityPeriod(r.Now()) {
				r.wrong("let a time service keep the clocks (timedatectl set-ntp true)", "clock", "signatures of %s are not of now: its clock or this one is wrong", at)
				return
			}
		}
	}
	switch kept, known := r.Clock(); {
	case !known:
		r.unknown("see timedatectl", "clock of this machine", "the system does not tell whether something keeps it right")
	case !kept:
		r.unknown("timedatectl set-ntp true, or install chrony", "clock of this machine", "nothing keeps it right, as far as the system knows")
	default:
		r.ok("clock of this machine", "kept right by a time service")
	}
}

// signed asks for something that is signed at the moment of asking.
func (r *run) signed() (*dns.Msg, netip.Addr, error) {
	if r.DNS == 0 {
		return nil, netip.Addr{}, errNoAnswer
	}
	for _, a := range r.addresses() {
		m, err := ask(r.ctx, "tcp", netip.AddrPortFrom(a, r.DNS), "sig."+r.Zone, dns.TypeSOA, signatures)
		if err == nil {
			return m, a, nil
		}
	}
	return nil, netip.Addr{}, errNoAnswer
}
