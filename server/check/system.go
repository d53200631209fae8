package check

import (
	"net"
	"net/netip"

	"github.com/miekg/dns"
)

// Here reports whether an address is on an interface of this machine.
func Here(a netip.Addr) bool {
	list, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, one := range list {
		if p, err := netip.ParsePrefix(one.String()); err == nil && (p.Addr().Unmap() == a || p.Addr().IsLoopback() && a.IsLoopback()) {
			return true
		}
	}
	return false
}

// Resolver is the first one of the system, if it has any.
func Resolver(file string) netip.AddrPort {
	c, err := dns.ClientConfigFromFile(file)
	if err != nil || len(c.Servers) == 0 {
		return netip.AddrPort{}
	}
	a, err := netip.ParseAddr(c.Servers[0])
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a, 53)
}
