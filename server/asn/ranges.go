package asn

import "watertight/server/asn/pack"

// The searches touch the ends only, so these stand alone: more of them share a
// line of the processor's cache, and waiting for memory is what a search costs.

type ranges4 struct {
	end         []uint32
	startValues []startValue4
	// index[b] is the first range that ends in or after the /16 number b.
	index []uint32
}

type startValue4 struct{ start, value uint32 }

const bits4 = 16

// indexed from so many ranges on: below, the index would be larger than they are.
const indexed = 1 << 15

func newRanges4(list []pack.Range4) ranges4 {
	r := ranges4{make([]uint32, len(list)), make([]startValue4, len(list)), nil}
	for i, x := range list {
		r.end[i], r.startValues[i] = x.End, startValue4{x.Start, x.Value}
	}
	if len(list) < indexed {
		return r
	}
	r.index = make([]uint32, 1<<bits4+1)
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
func (r *ranges4) find(v uint32) (pack.Range4, bool) {
	lo, hi := uint32(0), uint32(len(r.end))
	if r.index != nil {
		b := v >> (32 - bits4)
		lo, hi = r.index[b], r.index[b+1]
	}
	for lo < hi {
		if m := (lo + hi) / 2; r.end[m] < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if int(lo) == len(r.end) || r.startValues[lo].start > v {
		return pack.Range4{}, false
	}
	return pack.Range4{Start: r.startValues[lo].start, End: r.end[lo], Value: r.startValues[lo].value}, true
}

type ranges6 struct {
	end         []pack.U128
	startValues []startValue6
	// index is the same by 20 bits, of 2000::/3 only: nothing else is handed out.
	index []uint32
}

type startValue6 struct {
	start pack.U128
	value uint32
}

const (
	bits6  = 20
	first6 = 0b001 << (bits6 - 3)
	count6 = 1 << (bits6 - 3)
)

func newRanges6(list []pack.Range6) ranges6 {
	r := ranges6{make([]pack.U128, len(list)), make([]startValue6, len(list)), nil}
	for i, x := range list {
		r.end[i], r.startValues[i] = x.End, startValue6{x.Start, x.Value}
	}
	if len(list) < indexed {
		return r
	}
	r.index = make([]uint32, count6+1)
	i := 0
	for b := range r.index {
		for i < len(list) && int(list[i].End.Hi>>(64-bits6))-first6 < b {
			i++
		}
		r.index[b] = uint32(i)
	}
	return r
}

func (r *ranges6) find(v pack.U128) (pack.Range6, bool) {
	b := int(v.Hi>>(64-bits6)) - first6
	if b < 0 || b >= count6 {
		return pack.Range6{}, false
	}
	lo, hi := uint32(0), uint32(len(r.end))
	if r.index != nil {
		lo, hi = r.index[b], r.index[b+1]
	}
	for lo < hi {
		if m := (lo + hi) / 2; r.end[m].Less(v) {
			lo = m + 1
		} else {
			hi = m
		}
	}
	if int(lo) == len(r.end) || v.Less(r.startValues[lo].start) {
		return pack.Range6{}, false
	}
	return pack.Range6{Start: r.startValues[lo].start, End: r.end[lo], Value: r.startValues[lo].value}, true
}
