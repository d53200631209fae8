package fast

import (
	"bytes"
	"encoding/binary"
)

const (
	flagQR, flagAA, flagTC = 0x80, 0x04, 0x02

	// Where the counts stand in the header.
	answers, authority, additional = 6, 8, 10

	// maxNames is how many labels are remembered to point to: those of the question,
	// and at most three in each of eight names of ours.
	maxNames = maxLabels + 24

	pointer = 0xc000 // RFC 1035 §4.1.4
)

// reply is one being written. The query is in it rather than beside it: what a
// structure points to would be moved to the heap.
type reply struct {
	b     []byte
	start int
	q     query
	plain int // its length, were it not compressed
	at    [maxNames]uint16
	n     int
}

// begin copies id, RD, CD and the question, in the query's own spelling.
func (r *reply) begin() {
	p := r.q.packet
	r.b = append(r.b, p[0], p[1], p[2]&flagRD|flagQR, p[3]&flagCD, 0, 1, 0, 0, 0, 0, 0, 0)
	r.b = append(r.b, p[headerSize:r.q.end]...)
	r.plain = r.q.end
}

func (r *reply) flags(high, rcode byte) {
	r.b[r.start+2] |= high
	r.b[r.start+3] |= rcode
}

// count one more record in a section.
func (r *reply) count(section int) {
	r.b[r.start+section+1]++
}

func (r *reply) remember(at int) {
	if r.n < maxNames {
		r.at[r.n] = uint16(at)
		r.n++
	}
}

// name writes one of ours, compressed into the longest ending that is already
// there in the same spelling.
func (r *reply) name(name []byte) {
	r.plain += len(name)
	if r.n == 0 {
		for _, at := range r.q.labels[:r.q.n] {
			r.remember(int(at))
		}
	}
	before := r.at[:r.n] // not this one's own labels: it has no end yet
	for name[0] != 0 {
		if at, ok := r.find(before, name); ok {
			r.point(at)
			return
		}
		r.remember(len(r.b) - r.start)
		r.b = append(r.b, name[:1+name[0]]...)
		name = name[1+name[0]:]
	}
	r.b = append(r.b, 0)
}

// short writes one of ours, of one label below the zone, as name would that finds
// nothing but the zone to point to.
func (r *reply) short(name []byte) {
	r.plain += len(name)
	r.b = append(r.b, name[:1+name[0]]...)
	r.point(r.q.zone)
}

// asked writes the query's own name from a label on.
func (r *reply) asked(label int) {
	at := int(r.q.labels[label])
	r.plain += r.q.end - 4 - at
	r.point(at)
}

func (r *reply) point(at int) {
	r.b = binary.BigEndian.AppendUint16(r.b, pointer|uint16(at))
}

func (r *reply) find(before []uint16, name []byte) (int, bool) {
	for _, at := range before {
		if r.same(int(at), name) {
			return int(at), true
		}
	}
	return 0, false
}

func (r *reply) same(at int, name []byte) bool {
	for m := r.b[r.start:]; ; {
		size := m[at]
		switch {
		case size >= pointer>>8:
			at = int(binary.BigEndian.Uint16(m[at:]) &^ pointer)
			continue
		case size != name[0]:
			return false
		case size == 0:
			return true
		case !bytes.Equal(m[at+1:][:size], name[1:][:size]):
			return false
		}
		at += 1 + int(size)
		name = name[1+size:]
	}
}

// head writes what stands between an owner's name and the data; tail sets the
// length when that is known.
func (r *reply) head(rrtype uint16, ttl uint32) (data int) {
	r.b = append(r.b, byte(rrtype>>8), byte(rrtype), 0, classIN,
		byte(ttl>>24), byte(ttl>>16), byte(ttl>>8), byte(ttl), 0, 0)
	r.plain += 10
	return len(r.b)
}

func (r *reply) tail(data int) {
	binary.BigEndian.PutUint16(r.b[data-2:], uint16(len(r.b)-data))
}

// raw data counts the same in both lengths.
func (r *reply) raw(data []byte) {
	r.b = append(r.b, data...)
	r.plain += len(data)
}
