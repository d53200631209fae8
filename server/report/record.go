package report

import (
	"bytes"
	"encoding/binary"
	"net/netip"

	"watertight/server/sightings"
)

// RecordSize is that of every record:
//
//	 0 26  token
//	26  3  label, padded with zeros
//	29  1  flags
//	30 16  address of the resolver, or of the client on a path; IPv4 as ::ffff:0:0/96
//	46  2  query type
//	48  2  EDNS size
//	50 16  address of the client subnet
//	66  1  its length
//
// What does not apply is zero.
const RecordSize = 67

const (
	atLabel   = sightings.TokenLen
	atFlags   = atLabel + len(sightings.Label{})
	atAddress = atFlags + 1
	atType    = atAddress + 16
	atSize    = atType + 2
	atSubnet  = atSize + 2
	atBits    = atSubnet + 16
)

const (
	isPath = 1 << iota
	overTCP
	isV4
	hasEDNS
	hasDO
	hasCookie
	hasSubnet
	subnetV4
)

// Record is one query, or one proven path: of that, Token, Transport and Resolver count,
// which is then the client itself.
type Record struct {
	sightings.Observation
	Path bool
}

// Raw is a record as it travels.
type Raw [RecordSize]byte

// Put writes a record. It does not allocate.
func (r *Record) Put(to *Raw) {
	*to = Raw{}
	copy(to[:], r.Token[:])
	address := r.Resolver.Unmap()
	put16(to[atAddress:], address)
	flags := byte(0)
	if address.Is4() {
		flags |= isV4
	}
	if r.Transport == sightings.TCP {
		flags |= overTCP
	}
	if r.Path {
		to[atFlags] = flags | isPath
		return
	}
	copy(to[atLabel:], r.Label[:])
	binary.BigEndian.PutUint16(to[atType:], r.Type)
	if r.EDNS.Present {
		flags |= hasEDNS
		binary.BigEndian.PutUint16(to[atSize:], r.EDNS.Size)
		if r.EDNS.DO {
			flags |= hasDO
		}
		if r.EDNS.Cookie {
			flags |= hasCookie
		}
	}
	if r.ECS.IsValid() {
		flags |= hasSubnet
		if r.ECS.Addr().Is4() {
			flags |= subnetV4
		}
		put16(to[atSubnet:], r.ECS.Addr())
		to[atBits] = byte(r.ECS.Bits())
	}
	to[atFlags] = flags
}

func put16(to []byte, a netip.Addr) {
	b := a.As16()
	copy(to, b[:])
}

// parseRecord takes only what Put writes of the same record: whatever does not come
// back the same was not written by a node.
func parseRecord(b []byte) (r Record, ok bool) {
	if r.Token, ok = sightings.ParseToken(b[:sightings.TokenLen]); !ok {
		return r, false
	}
	copy(r.Label[:], b[atLabel:])
	if r.Label != (sightings.Label{}) {
		if l, ok := sightings.ParseLabel(r.Label.String()); !ok || l != r.Label {
			return r, false
		}
	}
	flags := b[atFlags]
	r.Path = flags&isPath != 0
	if flags&overTCP != 0 {
		r.Transport = sightings.TCP
	}
	r.Resolver = address(b[atAddress:], flags&isV4 != 0)
	r.Type = binary.BigEndian.Uint16(b[atType:])
	if flags&hasEDNS != 0 {
		r.EDNS = sightings.EDNS{Present: true, Size: binary.BigEndian.Uint16(b[atSize:]), DO: flags&hasDO != 0, Cookie: flags&hasCookie != 0}
	}
	if flags&hasSubnet != 0 {
		r.ECS = netip.PrefixFrom(address(b[atSubnet:], flags&subnetV4 != 0), int(b[atBits]))
	}
	var again Raw
	r.Put(&again)
	return r, bytes.Equal(again[:], b)
}

func address(b []byte, v4 bool) netip.Addr {
	a := netip.AddrFrom16([16]byte(b[:16]))
	if v4 {
		return a.Unmap()
	}
	return a
}
