package fast

import (
	"bytes"
	"encoding/binary"
)

const (
	headerSize = 12 // RFC 1035 §4.1.1
	// maxName is below the 255 octets of RFC 1035 §3.1: libraries differ in how they
	// count the last ones, and no name of ours is near.
	maxName = 240
	// maxLabels leaves room for a zone of many labels; what has more is odd.
	maxLabels = 16

	opcodeMask, flagRD, flagCD = 0x78, 0x01, 0x10

	typeA, typeNS, typeSOA, typeAAAA, typeOPT, typeDS = 1, 2, 6, 28, 41, 43

	// metaTypes are no data (RFC 6895 §3.1): transfers, ANY and such.
	firstMeta, lastMeta = 128, 255

	classIN = 1
)

// query is a packet that is a plain question, perhaps with EDNS.
type query struct {
	packet []byte
	end    int              // of the question
	labels [maxLabels]uint8 // where they start
	n      int
	qtype  uint16
	zone   int               // where our zone's name starts, if it is spelled as we do; 0 is not
	folded [maxName + 8]byte // the name in lower case, and room for eight octets at once
	edns
}

// parse reports whether the packet is one question of a kind that is known here,
// at most one OPT record, and not an octet more.
func (q *query) parse(p []byte) bool {
	const counts = 0x0001_0000_0000 // one question, no answer, no authority
	sections := binary.BigEndian.Uint64(p[4:])
	if p[2]&opcodeMask != 0 || sections>>16 != counts || sections&0xffff > 1 {
		return false
	}
	q.packet = p
	if !q.name() || len(p) < q.end {
		return false
	}
	q.qtype = binary.BigEndian.Uint16(p[q.end-4:])
	switch {
	case binary.BigEndian.Uint16(p[q.end-2:]) != classIN:
		return false
	case q.qtype == 0 || q.qtype == typeOPT || q.qtype >= firstMeta && q.qtype <= lastMeta:
		return false
	}
	if sections&0xffff == 0 {
		return len(p) == q.end
	}
	return q.edns.parse(p[q.end:])
}

// name walks the labels. There is nothing before them that a pointer could point
// to, and characters that libraries write with a backslash are left to those.
func (q *query) name() bool {
	p := q.packet
	at := headerSize
	for at < len(p) && p[at] != 0 {
		next := at + 1 + int(p[at])
		if p[at] > 63 || next >= len(p) || next-headerSize >= maxName || q.n == maxLabels {
			return false
		}
		q.labels[q.n] = uint8(at)
		q.n++
		at = next
	}
	q.end = at + 1 + 4 // root, type and class
	return q.n > 0 && at < len(p) && q.fold(p[headerSize:at])
}

// fold writes a name without its root in lower case, and reports whether it has no
// other characters than those of host names and the underscore (RFC 8552). It takes
// eight octets at once; the lengths among them stand aside meanwhile.
func (q *query) fold(name []byte) bool {
	const neutral = "00000000"
	copy(q.folded[copy(q.folded[:], name):], neutral)
	for _, at := range q.labels[:q.n] {
		q.folded[at-headerSize] = neutral[0]
	}
	strange := uint64(0)
	for at := 0; at < len(name); at += 8 {
		eight := q.folded[at:][:8]
		lower, other := lowerCase(binary.LittleEndian.Uint64(eight))
		binary.LittleEndian.PutUint64(eight, lower)
		strange |= other
	}
	for _, at := range q.labels[:q.n] {
		q.folded[at-headerSize] = q.packet[at]
	}
	q.folded[len(name)] = 0
	return strange == 0
}

// lowerCase is that of eight octets, and the high bits of those that are strange. Of
// octets below 0x80, the sum with 0x80 - c has the high bit from c on, and nothing is
// carried into the next.
func lowerCase(x uint64) (lower, strange uint64) {
	const each, high = 0x0101_0101_0101_0101, 0x8080_8080_8080_8080
	between := func(x, first, last uint64) uint64 {
		return (x + (0x80-first)*each) &^ (x + (0x7f-last)*each)
	}
	upper := between(x, 'A', 'Z')
	known := upper | between(x, 'a', 'z') | between(x, '0', '9') | between(x, '-', '-') | between(x, '_', '_')
	return x | upper&high>>2, (^known | x) & high
}

// label is the folded text of one.
func (q *query) label(i int) []byte {
	at := int(q.labels[i]) - headerSize
	return q.folded[at+1:][:q.folded[at]]
}

// from is the folded name from a label on, with the root.
func (q *query) from(i int) []byte {
	return q.folded[int(q.labels[i])-headerSize : q.end-4-headerSize]
}

// under reports whether the label before our zone may be that of a name, in the same
// spelling.
func (q *query) under(name []byte) bool {
	p := q.packet
	for _, at := range q.labels[:q.n] {
		next := int(at) + 1 + int(p[at])
		if next == q.zone {
			return bytes.Equal(p[at:next], name[:1+name[0]])
		}
	}
	return false
}
