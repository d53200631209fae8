package pack

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// U128 is an IPv6 address as a number.
type U128 struct{ Hi, Lo uint64 }

// From6 converts an address.
func From6(a netip.Addr) U128 {
	b := a.As16()
	return U128{binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])}
}

// Addr converts back.
func (u U128) Addr() netip.Addr {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], u.Hi)
	binary.BigEndian.PutUint64(b[8:], u.Lo)
	return netip.AddrFrom16(b)
}

// Less compares.
func (u U128) Less(v U128) bool { return u.Hi < v.Hi || u.Hi == v.Hi && u.Lo < v.Lo }

// Next is u+1, and wraps.
func (u U128) Next() U128 {
	lo, carry := bits.Add64(u.Lo, 1, 0)
	return U128{u.Hi + carry, lo}
}

// Previous is u-1, and wraps.
func (u U128) Previous() U128 {
	lo, borrow := bits.Sub64(u.Lo, 1, 0)
	return U128{u.Hi - borrow, lo}
}

// commonBelow is how many low bits hold all differences between u and v.
func (u U128) commonBelow(v U128) int {
	if n := bits.Len64(u.Hi ^ v.Hi); n > 0 {
		return 64 + n
	}
	return bits.Len64(u.Lo ^ v.Lo)
}

// Prefix is the largest prefix around a that lies within [start, end]. A block
// of 2^k addresses around a begins after start-1 as long as k does not reach the
// highest bit in which the two differ; likewise at the end.
func (r Range6) Prefix(a U128) netip.Prefix {
	k := 128
	if r.Start != (U128{}) {
		k = min(k, a.commonBelow(r.Start.Previous())-1)
	}
	if after := r.End.Next(); after != (U128{}) {
		k = min(k, a.commonBelow(after)-1)
	}
	p, _ := a.Addr().Prefix(128 - k)
	return p
}

// Addr4 converts a number to an IPv4 address.
func Addr4(v uint32) netip.Addr {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], v)
	return netip.AddrFrom4(b)
}

// From4 converts an IPv4 address to a number.
func From4(a netip.Addr) uint32 {
	b := a.As4()
	return binary.BigEndian.Uint32(b[:])
}

// Prefix is the same as for IPv6.
func (r Range4) Prefix(a uint32) netip.Prefix {
	k := 32
	if r.Start != 0 {
		k = min(k, bits.Len32(a^(r.Start-1))-1)
	}
	if r.End != ^uint32(0) {
		k = min(k, bits.Len32(a^(r.End+1))-1)
	}
	p, _ := Addr4(a).Prefix(32 - k)
	return p
}
