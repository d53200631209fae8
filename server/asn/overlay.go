package asn

import (
	"maps"
	"net/netip"
	"slices"
)

// overlay holds the operator's networks: a map, asked once per prefix length
// that occurs, longest first. Lists of VPN ranges have about twenty lengths, so
// that is well under a microsecond without a trie.
type overlay struct {
	networks map[netip.Prefix]Network
	lengths4 []int // descending
	lengths6 []int
}

func (o *overlay) clone() overlay {
	return overlay{maps.Clone(o.networks), slices.Clone(o.lengths4), slices.Clone(o.lengths6)}
}

func (o *overlay) add(n Network) {
	if o.networks == nil {
		o.networks = make(map[netip.Prefix]Network)
	}
	o.networks[n.Prefix] = n
	lengths := &o.lengths6
	if n.Prefix.Addr().Is4() {
		lengths = &o.lengths4
	}
	descending := func(a, b int) int { return b - a }
	if i, found := slices.BinarySearchFunc(*lengths, n.Prefix.Bits(), descending); !found {
		*lengths = slices.Insert(*lengths, i, n.Prefix.Bits())
	}
}

func (o *overlay) lookup(a netip.Addr) (Network, bool) {
	lengths := o.lengths6
	if a.Is4() {
		lengths = o.lengths4
	}
	for _, bits := range lengths {
		if p, err := a.Prefix(bits); err == nil {
			if n, ok := o.networks[p]; ok {
				return n, true
			}
		}
	}
	return Network{}, false
}
