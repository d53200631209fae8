// Package address says what kind of IP address one is, and whether a web page
// that learns it has learned something about the user.
//
// There is one table, in table.go, taken from the IANA special-purpose
// registries (RFC 6890). Documentation ranges count as global: they never occur
// on real networks, and the lab is built on them.
package address

import (
	"encoding/binary"
	"net/netip"
	"strings"
)

// Class is the kind of an address.
type Class string

// The classes. Everything that no row of the table claims is Global.
const (
	Global      Class = "global"
	Private     Class = "private"     // RFC 1918
	CGNAT       Class = "cgnat"       // RFC 6598: between a provider and its customers
	ULA         Class = "ula"         // RFC 4193
	LinkLocal   Class = "link-local"  // RFC 3927, RFC 4291 §2.5.6
	Loopback    Class = "loopback"    // RFC 1122 §3.2.1.3, RFC 4291 §2.5.3
	Multicast   Class = "multicast"   // RFC 5771, RFC 4291 §2.7
	Unspecified Class = "unspecified" // RFC 1122 §3.2.1.3, RFC 4291 §2.5.2
	NAT64       Class = "nat64"       // RFC 6052, RFC 8215: holds an IPv4 address
	SixToFour   Class = "6to4"        // RFC 3056: holds an IPv4 address
	Teredo      Class = "teredo"      // RFC 4380: holds an IPv4 address
	Reserved    Class = "reserved"    // says nothing about anyone
	MDNS        Class = "mdns"        // RFC 8828: a random .local name, no address
	Invalid     Class = "invalid"     // no address at all
)

// Parse reads an address as browsers and servers write it. A zone ("%eth0") is
// dropped, since it names an interface and not a place, and an IPv4-mapped IPv6
// address becomes the IPv4 address it is (RFC 4291 §2.5.5.2).
func Parse(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(strings.TrimSpace(s))
	if err != nil {
		return netip.Addr{}, false
	}
	return a.Unmap().WithZone(""), true
}

// ClassOf finds the class of an address in the table.
func ClassOf(a netip.Addr) Class {
	if !a.IsValid() {
		return Invalid
	}
	a = a.Unmap().WithZone("")
	for _, row := range table {
		if row.prefix.Contains(a) {
			return row.class
		}
	}
	return Global
}

// IsLocal reports whether the address belongs to the user's own side: their
// device, their home, or the inside of their provider's or tunnel's network.
func (c Class) IsLocal() bool {
	return c == Private || c == CGNAT || c == ULA || c == LinkLocal
}

// Public gives the public address that an address shows: itself if it is
// global, or the IPv4 address inside a translated or tunnelled one.
func Public(a netip.Addr) (netip.Addr, bool) {
	a = a.Unmap().WithZone("")
	switch ClassOf(a) {
	case Global:
		return a, true
	case NAT64, SixToFour, Teredo:
		if v4 := Embedded(a); ClassOf(v4) == Global {
			return v4, true
		}
	}
	return netip.Addr{}, false
}

// Embedded gives the IPv4 address inside a NAT64, 6to4 or Teredo address, or
// the zero Addr.
func Embedded(a netip.Addr) netip.Addr {
	b := a.As16()
	switch ClassOf(a) {
	case NAT64:
		return embeddedNAT64(a, b)
	case SixToFour: // RFC 3056 §2
		return netip.AddrFrom4([4]byte(b[2:6]))
	case Teredo: // RFC 4380 §4: the client's address with every bit inverted
		v := ^binary.BigEndian.Uint32(b[12:16])
		return netip.AddrFrom4([4]byte(binary.BigEndian.AppendUint32(nil, v)))
	}
	return netip.Addr{}
}

// embeddedNAT64 follows RFC 6052 §2.2. Below 64:ff9b:1::/48 (RFC 8215) the
// operator chooses the length of the prefix. Nearly all choose /96, which puts
// the address last; a /48 leaves the last five octets zero.
func embeddedNAT64(a netip.Addr, b [16]byte) netip.Addr {
	if !nat64Local.Contains(a) || [5]byte(b[11:16]) != ([5]byte{}) {
		return netip.AddrFrom4([4]byte(b[12:16]))
	}
	return netip.AddrFrom4([4]byte{b[6], b[7], b[9], b[10]})
}

// HasHardwareID reports whether the interface identifier of an IPv6 address is
// made from a MAC address (modified EUI-64, RFC 4291 §2.5.1 and appendix A).
// The group bit must be clear, since no interface has a group address. The
// universal bit may be either: virtual machines have locally administered MACs.
// A random identifier (RFC 8981) looks like this once in 131,072.
func HasHardwareID(a netip.Addr) bool {
	if !a.Is6() || a.Is4In6() {
		return false
	}
	switch ClassOf(a) {
	case Global, ULA, LinkLocal:
	default:
		return false
	}
	b := a.As16()
	return b[11] == 0xff && b[12] == 0xfe && b[8]&0x01 == 0
}

// Near reports whether two addresses lie so close together (IPv4 /24, IPv6 /48,
// the longest prefixes that are routed on their own) that they belong to one
// network, whatever a database knows of it.
func Near(a, b netip.Addr) bool {
	a, b = a.Unmap(), b.Unmap()
	if !a.IsValid() || !b.IsValid() || a.BitLen() != b.BitLen() {
		return false
	}
	bits := 24
	if a.Is6() {
		bits = 48
	}
	p, err := a.WithZone("").Prefix(bits)
	return err == nil && p.Contains(b.WithZone(""))
}
