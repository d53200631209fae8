package pack

import (
	"encoding/binary"
	"fmt"
)

type writer struct{ b []byte }

func (w *writer) number(v uint64) { w.b = binary.AppendUvarint(w.b, v) }

func (w *writer) text(s string) {
	w.number(uint64(len(s)))
	w.b = append(w.b, s...)
}

func encode(d *Data) ([]byte, error) {
	w := &writer{b: []byte(magic)}
	w.text(d.Date)
	w.systems(d.AS)
	for _, list := range [][]Range4{d.ASN4, d.Country4} {
		if err := w.ranges4(list); err != nil {
			return nil, err
		}
	}
	for _, list := range [][]Range6{d.ASN6, d.Country6} {
		if err := w.ranges6(list); err != nil {
			return nil, err
		}
	}
	return w.b, nil
}

func (w *writer) systems(list []AS) {
	w.number(uint64(len(list)))
	last := uint32(0)
	for _, a := range list {
		w.number(uint64(a.Number - last))
		last = a.Number
	}
	for _, a := range list {
		w.number(uint64(len(a.Org)))
	}
	for _, a := range list {
		w.b = append(w.b, a.Org...)
	}
}

// ranges4 writes the gap before each range, its length less one, its value.
func (w *writer) ranges4(list []Range4) error {
	w.number(uint64(len(list)))
	next := uint64(0)
	for _, r := range list {
		if uint64(r.Start) < next || r.End < r.Start {
			return fmt.Errorf("write %s: %w", Addr4(r.Start), ErrOrder)
		}
		w.number(uint64(r.Start) - next)
		next = uint64(r.End) + 1
	}
	for _, r := range list {
		w.number(uint64(r.End - r.Start))
	}
	for _, r := range list {
		w.number(uint64(r.Value))
	}
	return nil
}

// ranges6 writes halves of addresses: nearly all ranges begin and end with whole
// /64s, so that the columns of the lower halves are zeros.
func (w *writer) ranges6(list []Range6) error {
	w.number(uint64(len(list)))
	var last *U128
	hi := uint64(0)
	for i, r := range list {
		if last != nil && !last.Less(r.Start) || r.End.Less(r.Start) {
			return fmt.Errorf("write %s: %w", r.Start.Addr(), ErrOrder)
		}
		w.number(r.Start.Hi - hi)
		hi, last = r.Start.Hi, &list[i].End
	}
	for _, r := range list {
		w.number(r.Start.Lo)
	}
	for _, r := range list {
		w.number(r.End.Hi - r.Start.Hi)
	}
	for _, r := range list {
		w.number(^r.End.Lo)
	}
	for _, r := range list {
		w.number(uint64(r.Value))
	}
	return nil
}
