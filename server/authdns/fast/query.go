package fast

import "encoding/binary"

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
	folded [maxName]byte // the name in lower case
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
		q.folded[at-headerSize] = p[at]
		for at++; at < next; at++ {
			c := fold[p[at]]
			if c == 0 {
				return false
			}
			q.folded[at-headerSize] = c
		}
	}
	q.end = at + 1 + 4 // root, type and class
	return q.n > 0
}

// fold is the lower case of the characters of host names and of the underscore
// (RFC 8552), and 0 for every other.
var fold = func() (t [256]byte) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789-_") {
		t[c] = c
		if c >= 'a' && c <= 'z' {
			t[c-'a'+'A'] = c
		}
	}
	return t
}()

// label is the folded text of one.
func (q *query) label(i int) []byte {
	at := int(q.labels[i]) - headerSize
	return q.folded[at+1:][:q.folded[at]]
}

// from is the folded name from a label on, with the root.
func (q *query) from(i int) []byte {
	return q.folded[int(q.labels[i])-headerSize : q.end-4-headerSize]
}
