// Package report carries sightings and paths from DNS nodes, which see them, to an API
// elsewhere, which tells them. A node sends batches; the API checks who signed them and
// when, and merges them into its table. Whatever comes twice or in another order makes
// the same table, so a sender may always send again.
//
// A batch is a header, records of one fixed size, and a signature over both:
//
//	 0  4  "WTR1", the format and its version
//	 4  8  id of the key, as text
//	12  8  the boot: a random number of this start of the node
//	20  8  sequence within the boot, from 1
//	28  8  when it was sent by the node's clock, Unix milliseconds
//	36  2  number of records
//	38  2  what is missing (missing.go), or zero
//	40  …  records of 67 octets (record.go); each begins with its token
//	 …  32 HMAC-SHA-256 of everything before
//
// Numbers are big-endian. A front that spreads tokens over several tables checks the
// signature once, and gives each table the header and that table's records, unsigned
// (Batch.Split; they are cut at fixed places): those who receive that must be reachable
// by their own front only. Each table then has its own memory of sequences.
//
// The package opens no socket and reads no file, so that a Worker can run it.
package report

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"time"

	"watertight/server/sightings"
)

const (
	magic      = "WTR1"
	headerSize = 40
	macSize    = 32
	// MaxRecords of one batch: what fits into 64 KiB.
	MaxRecords = 960
	// MaxBody is the largest batch, signed.
	MaxBody = headerSize + MaxRecords*RecordSize + macSize
)

// Places in the header.
const (
	atKey, atBoot, atSequence, atTime, atCount, atMissing = 4, 12, 20, 28, 36, 38
)

// Header is what a node says about a batch.
type Header struct {
	Key      KeyID
	Boot     [8]byte
	Sequence uint64
	Time     time.Time // in milliseconds
	Missing  Missing
}

// Batch is a header with valid records.
type Batch struct {
	Header
	raw []byte // the records as they came
}

var errFormat = &Error{http.StatusBadRequest, "bad-report", "this is not a batch of the format WTR1"}

// Append writes a batch without a signature to dst. The records are as Record.Put makes
// them, at most MaxRecords.
func Append(dst []byte, h Header, records []byte) []byte {
	dst = append(dst, magic...)
	dst = append(dst, h.Key[:]...)
	dst = append(dst, h.Boot[:]...)
	dst = binary.BigEndian.AppendUint64(dst, h.Sequence)
	dst = binary.BigEndian.AppendUint64(dst, uint64(h.Time.UnixMilli()))
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(records)/RecordSize))
	dst = binary.BigEndian.AppendUint16(dst, uint16(h.Missing))
	return append(dst, records...)
}

// Parse reads a batch without a signature. It takes all or nothing: one record that a
// node could not have written, and somebody else wrote the batch.
func Parse(b []byte) (Batch, error) {
	var batch Batch
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		return batch, errFormat
	}
	n := int(binary.BigEndian.Uint16(b[atCount:]))
	if n > MaxRecords || len(b) != headerSize+n*RecordSize {
		return batch, errFormat
	}
	copy(batch.Key[:], b[atKey:])
	copy(batch.Boot[:], b[atBoot:])
	batch.Sequence = binary.BigEndian.Uint64(b[atSequence:])
	ms := binary.BigEndian.Uint64(b[atTime:])
	if batch.Sequence == 0 || ms > maxTime {
		return batch, errFormat
	}
	batch.Time = time.UnixMilli(int64(ms))
	batch.Missing = Missing(binary.BigEndian.Uint16(b[atMissing:]))
	batch.raw = b[headerSize:]
	for i := range n {
		if _, ok := parseRecord(batch.at(i)); !ok {
			return Batch{}, &Error{http.StatusBadRequest, "bad-report", fmt.Sprintf("record %d is not valid", i)}
		}
	}
	return batch, nil
}

// maxTime is the end of the year 9999, which no node's clock is beyond.
const maxTime = 253402300799999

// Len is the number of records.
func (b Batch) Len() int { return len(b.raw) / RecordSize }

func (b Batch) at(i int) []byte { return b.raw[i*RecordSize : (i+1)*RecordSize] }

// Records gives one after the other.
func (b Batch) Records(yield func(Record) bool) {
	for i := range b.Len() {
		if r, ok := parseRecord(b.at(i)); ok && !yield(r) {
			return
		}
	}
}

// Split makes of one batch an unsigned one for each shard that has a record in it.
func (b Batch) Split(shard func(sightings.Token) int) map[int][]byte {
	parts := make(map[int][]byte)
	for i := range b.Len() {
		r := b.at(i)
		n := shard(sightings.Token(r[:sightings.TokenLen]))
		parts[n] = append(parts[n], r...)
	}
	for n, records := range parts {
		parts[n] = Append(make([]byte, 0, headerSize+len(records)), b.Header, records)
	}
	return parts
}
