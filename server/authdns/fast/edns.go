package fast

import (
	"encoding/binary"
	"net/netip"

	"watertight/server/cookie"
	"watertight/server/sightings"
)

const (
	optNSID, optSubnet, optCookie, optKeepalive, optPadding, optError = 3, 8, 10, 11, 12, 15

	// firstUnassigned: from here to the private codes no option has a meaning that
	// it could be wrong of (IANA's registry of options, with room).
	firstUnassigned = 1000

	optHeader = 11 // root, type, size, TTL, length
	flagDO    = 0x8000
	flagCO    = 0x4000 // RFC 9824 §5.1
)

// edns is what the OPT record says (RFC 6891 §6.1.2).
type edns struct {
	opt     bool
	size    uint16
	flags   uint16
	cookie  []byte // nil is none
	network []byte // the client subnet (RFC 7871 §6): family, two lengths, address
}

// parse takes the rest of the packet. Options that are only read, repeated options
// and other versions are left to authdns.
func (e *edns) parse(p []byte) bool {
	if len(p) < optHeader || p[0] != 0 || binary.BigEndian.Uint16(p[1:]) != typeOPT || p[6] != 0 ||
		int(binary.BigEndian.Uint16(p[9:])) != len(p)-optHeader {
		return false
	}
	e.opt, e.size, e.flags = true, binary.BigEndian.Uint16(p[3:]), binary.BigEndian.Uint16(p[7:])
	for p = p[optHeader:]; len(p) > 0; {
		if len(p) < 4 {
			return false
		}
		code, end := binary.BigEndian.Uint16(p), 4+int(binary.BigEndian.Uint16(p[2:]))
		if end > len(p) || !e.option(code, p[4:end]) {
			return false
		}
		p = p[end:]
	}
	return true
}

func (e *edns) option(code uint16, value []byte) bool {
	switch code {
	case optNSID, optPadding: // we have none, and over UDP nothing is padded (RFC 7830 §4)
		return true
	case optKeepalive: // the time is ours to choose (RFC 7828 §3.3.2)
		return len(value) == 0
	case optCookie:
		if e.cookie != nil || !cookie.WellFormed(value) {
			return false
		}
		e.cookie = value
		return true
	case optSubnet:
		if e.network != nil || !wellFormed(value) {
			return false
		}
		e.network = value
		return true
	}
	return code >= firstUnassigned
}

// wellFormed: the address has as many octets as its length needs, as RFC 7871 §6
// wants it.
func wellFormed(v []byte) bool {
	if len(v) < 4 {
		return false
	}
	most := 0
	switch binary.BigEndian.Uint16(v) {
	case 1:
		most = 32
	case 2:
		most = 128
	}
	return most != 0 && int(v[2]) <= most && int(v[3]) <= most && len(v)-4 == (int(v[2])+7)/8
}

func (e *edns) seen() sightings.EDNS {
	return sightings.EDNS{Present: e.opt, Size: e.size, DO: e.flags&flagDO != 0, Cookie: e.cookie != nil}
}

// subnet of the client. None, or a length of zero, tells nothing about the user
// (RFC 7871 §7.1.2).
func (e *edns) subnet() netip.Prefix {
	if e.network == nil || e.network[2] == 0 {
		return netip.Prefix{}
	}
	var raw [16]byte
	copy(raw[:], e.network[4:])
	a := netip.AddrFrom16(raw)
	if e.network[1] == 1 {
		a = netip.AddrFrom4([4]byte(raw[:]))
	}
	p, _ := a.Prefix(int(e.network[2])) // wellFormed has seen to the length
	return p
}
