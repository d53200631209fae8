package asn

import (
	_ "embed" // the data
	"fmt"
	"net/netip"

	"watertight/server/asn/pack"
)

//go:embed networks.bin.zst
var embedded []byte

// Open is the table with the embedded open data. It takes some 50 ms and 12 MB.
func Open() (*Table, error) {
	d, err := pack.Decode(embedded)
	if err != nil {
		return nil, fmt.Errorf("open networks: %w", err)
	}
	return &Table{open: newPacked(d)}, nil
}

// packed looks addresses up in sorted ranges. An index by the leading bits says
// between which two ranges to search: the ranges are spread so unevenly over the
// address space that this is worth most of a binary search.
type packed struct {
	date     string
	as       []pack.AS
	asn4     ranges4
	country4 ranges4
	asn6     ranges6
	country6 ranges6
}

func newPacked(d *pack.Data) *packed {
	return &packed{
		date: d.Date, as: d.AS,
		asn4: newRanges4(d.ASN4), country4: newRanges4(d.Country4),
		asn6: newRanges6(d.ASN6), country6: newRanges6(d.Country6),
	}
}

// lookup needs an AS: a country alone says nothing about whose network it is.
func (p *packed) lookup(a netip.Addr) (Network, bool) {
	var n Network
	var as, country uint32
	if a.Is4() {
		v := pack.From4(a)
		r := p.asn4.find(v)
		if r == nil {
			return n, false
		}
		as, n.Prefix = r.Value, r.Prefix(v)
		if r := p.country4.find(v); r != nil {
			country = r.Value
		}
	} else {
		v := pack.From6(a)
		r := p.asn6.find(v)
		if r == nil {
			return n, false
		}
		as, n.Prefix = r.Value, r.Prefix(v)
		if r := p.country6.find(v); r != nil {
			country = r.Value
		}
	}
	n.ASN, n.Org, n.Country = p.as[as].Number, p.as[as].Org, pack.CountryCode(country)
	return n, true
}

type ranges4 struct {
	list []pack.Range4
	// index[b] is the first range that ends in or after the /16 number b.
	index []uint32
}

const bits4 = 16

func newRanges4(list []pack.Range4) ranges4 {
	r := ranges4{list, make([]uint32, 1<<bits4+1)}
	i := 0
	for b := range r.index {
		for i < len(list) && int(list[i].End>>(32-bits4)) < b {
			i++
		}
		r.index[b] = uint32(i)
	}
	return r
}

// find looks for the first range that ends at or after v; if it begins after v,
// there is none.
func (r *ranges4) find(v uint32) *pack.Range4 {
	b := v >> (32 - bits4)
	lo, hi := r.index[b], r.index[b+1]
	for lo < hi {
		if m := (lo + hi) / 2; r.list[m].End < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if int(lo) == len(r.list) || r.list[lo].Start > v {
		return nil
	}
	return &r.list[lo]
}

type ranges6 struct {
	list []pack.Range6
	// index is the same by 20 bits, of 2000::/3 only: nothing else is handed out.
	index []uint32
}

const (
	bits6  = 20
	first6 = 0b001 << (bits6 - 3)
	count6 = 1 << (bits6 - 3)
)

func newRanges6(list []pack.Range6) ranges6 {
	r := ranges6{list, make([]uint32, count6+1)}
	i := 0
	for b := range r.index {
		for i < len(list) && int(list[i].End.Hi>>(64-bits6))-first6 < b {
			i++
		}
		r.index[b] = uint32(i)
	}
	return r
}

func (r *ranges6) find(v pack.U128) *pack.Range6 {
	b := int(v.Hi>>(64-bits6)) - first6
	if b < 0 || b >= count6 {
		return nil
	}
	lo, hi := r.index[b], r.index[b+1]
	for lo < hi {
		if m := (lo + hi) / 2; r.list[m].End.Less(v) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if int(lo) == len(r.list) || v.Less(r.list[lo].Start) {
		return nil
	}
	return &r.list[lo]
}
