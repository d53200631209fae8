package pack

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// reader remembers its first error, so that the code reads like the format.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.b = nil
}

func (r *reader) number(most uint64) uint64 {
	v, n := binary.Uvarint(r.b)
	switch {
	case n == 0:
		r.fail(ErrShort)
		return 0
	case n < 0 || v > most:
		r.fail(ErrNumber)
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count of a list whose entries take at least size bytes each: what cannot be
// there is not allocated.
func (r *reader) count(size int) int { return int(r.number(uint64(len(r.b) / size))) }

func (r *reader) text(n int) string {
	if n > len(r.b) {
		r.fail(ErrShort)
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	return s
}

func decode(b []byte) (*Data, error) {
	rest, ok := strings.CutPrefix(string(b[:min(len(b), len(magic))]), magic)
	if !ok || rest != "" {
		return nil, ErrMagic
	}
	r := &reader{b: b[len(magic):]}
	d := &Data{Date: r.text(int(r.number(math.MaxUint8)))}
	d.AS = r.systems()
	d.ASN4 = r.ranges4(len(d.AS))
	d.Country4 = r.ranges4(Countries + 1)
	d.ASN6 = r.ranges6(len(d.AS))
	d.Country6 = r.ranges6(Countries + 1)
	if r.err == nil && len(r.b) > 0 {
		r.err = ErrLong
	}
	if r.err != nil {
		return nil, fmt.Errorf("read networks: %w", r.err)
	}
	return d, nil
}

func (r *reader) systems() []AS {
	list := make([]AS, r.count(2))
	last := uint64(0)
	for i := range list {
		last += r.number(math.MaxUint32 - last)
		list[i].Number = uint32(last)
	}
	sizes, all := make([]int, len(list)), 0
	for i := range list {
		sizes[i] = int(r.number(math.MaxUint16))
		all += sizes[i]
	}
	text := r.text(all) // one allocation, shared by all names
	if r.err != nil {
		return nil
	}
	for i, n := range sizes {
		list[i].Org, text = text[:n], text[n:]
	}
	return list
}

// ranges4 reads ranges whose values are below limit.
func (r *reader) ranges4(limit int) []Range4 {
	list := make([]Range4, r.count(3))
	gaps := make([]uint32, len(list))
	for i := range list {
		gaps[i] = uint32(r.number(math.MaxUint32))
	}
	next := uint64(0)
	for i := range list {
		start := next + uint64(gaps[i])
		end := start + r.number(math.MaxUint32)
		if end > math.MaxUint32 {
			r.fail(ErrNumber)
			return nil
		}
		list[i].Start, list[i].End, next = uint32(start), uint32(end), end+1
	}
	r.values(limit, len(list), func(i int, v uint32) { list[i].Value = v })
	return list
}

func (r *reader) values(limit, n int, set func(int, uint32)) {
	for i := range n {
		v := r.number(math.MaxUint32)
		if v >= uint64(limit) {
			r.fail(ErrNumber)
			return
		}
		set(i, uint32(v))
	}
}

func (r *reader) ranges6(limit int) []Range6 {
	list := make([]Range6, r.count(5))
	hi := uint64(0)
	for i := range list {
		hi += r.number(math.MaxUint64 - hi)
		list[i].Start.Hi = hi
	}
	for i := range list {
		list[i].Start.Lo = r.number(math.MaxUint64)
	}
	for i := range list {
		hi := list[i].Start.Hi
		list[i].End.Hi = hi + r.number(math.MaxUint64-hi)
	}
	for i := range list {
		list[i].End.Lo = ^r.number(math.MaxUint64)
	}
	for i := range list {
		if list[i].End.Less(list[i].Start) || i > 0 && !list[i-1].End.Less(list[i].Start) {
			r.fail(ErrOrder)
			return nil
		}
	}
	r.values(limit, len(list), func(i int, v uint32) { list[i].Value = v })
	return list
}
