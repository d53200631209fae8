package sightings

import (
	"net/netip"
	"slices"
)

// entry is a Sighting without pointers. netip.Addr has one (its zone), and a
// table full of pointers is a table that the garbage collector walks. It is 64
// bytes, one line of the cache.
type entry struct {
	key      key
	ecs      [16]byte
	types    [maxTypes]uint16
	size     uint16
	revision uint32
	next     uint32 // entry number + 1
	ecsBits  uint8
	nTypes   uint8
	flags    uint8
}

// key is what sightings are merged by.
type key struct {
	resolver [16]byte
	label    Label
	way      uint8 // flags
}

const (
	overTCP = 1 << iota
	isV4
	isPath // the resolver is the client itself, there is no label
)

const (
	hasEDNS = 1 << iota
	hasDO
	hasCookie
	hasECS
	ecsV4
)

func keyOf(o *Observation) key {
	return key{resolver: o.Resolver.As16(), label: o.Label, way: wayOf(o.Resolver, o.Transport)}
}

func wayOf(a netip.Addr, t Transport) (way uint8) {
	if t == TCP {
		way |= overTCP
	}
	if a.Is4() {
		way |= isV4
	}
	return way
}

// is compares field by field, which is two words and four octets; == would call for it.
func (k *key) is(other *key) bool {
	return k.label == other.label && k.way == other.way && k.resolver == other.resolver
}

func (k *key) address() netip.Addr { return addr(k.resolver, k.way&isV4 != 0) }

func (k *key) transport() Transport {
	if k.way&overTCP != 0 {
		return TCP
	}
	return UDP
}

// merge adds what is new in o and reports whether anything was.
func (e *entry) merge(o *Observation) bool {
	flags, size, nTypes, ecsBits, ecsWas := e.flags, e.size, e.nTypes, e.ecsBits, e.ecs
	e.addType(o.Type)
	if o.EDNS.Present {
		e.flags |= hasEDNS
		e.size = max(e.size, o.EDNS.Size) // a retry lowers it: the first is the resolver's own
		if o.EDNS.DO {
			e.flags |= hasDO
		}
		if o.EDNS.Cookie {
			e.flags |= hasCookie
		}
	}
	// The longest subnet tells most about the user, and a resolver that retries
	// without one takes nothing back.
	if o.ECS.IsValid() && (e.flags&hasECS == 0 || o.ECS.Bits() > int(e.ecsBits)) {
		e.flags = e.flags&^ecsV4 | hasECS
		if o.ECS.Addr().Is4() {
			e.flags |= ecsV4
		}
		e.ecs, e.ecsBits = o.ECS.Addr().As16(), uint8(o.ECS.Bits())
	}
	return flags != e.flags || size != e.size || nTypes != e.nTypes || ecsBits != e.ecsBits || ecsWas != e.ecs
}

// addType keeps them in order, as many as there is room for.
func (e *entry) addType(t uint16) {
	i := 0
	for i < int(e.nTypes) && e.types[i] < t {
		i++
	}
	if i < int(e.nTypes) && e.types[i] == t || e.nTypes == maxTypes {
		return
	}
	copy(e.types[i+1:], e.types[i:e.nTypes])
	e.types[i] = t
	e.nTypes++
}

func (e *entry) sighting() Sighting {
	s := Sighting{
		Label:     e.key.label,
		Resolver:  e.key.address(),
		Transport: e.key.transport(),
		Types:     slices.Clone(e.types[:e.nTypes]),
		EDNS: EDNS{
			Present: e.flags&hasEDNS != 0,
			Size:    e.size,
			DO:      e.flags&hasDO != 0,
			Cookie:  e.flags&hasCookie != 0,
		},
	}
	if e.flags&hasECS != 0 {
		s.ECS = netip.PrefixFrom(addr(e.ecs, e.flags&ecsV4 != 0), int(e.ecsBits))
	}
	return s
}

func addr(b [16]byte, v4 bool) netip.Addr {
	a := netip.AddrFrom16(b)
	if v4 {
		return a.Unmap()
	}
	return a
}
