package outbox

import (
	"time"

	"watertight/server/report"
)

// batch is records, and when each was seen by the outbox's clock.
type batch struct {
	records []byte
	seen    []time.Duration
}

func newBatch() *batch {
	return &batch{make([]byte, 0, report.MaxRecords*report.RecordSize), make([]time.Duration, 0, report.MaxRecords)}
}

func (b *batch) len() int { return len(b.seen) }

// room is for so many more.
func (b *batch) room() int { return report.MaxRecords - len(b.seen) }

func (b *batch) add(records []byte, seen ...time.Duration) {
	b.records, b.seen = append(b.records, records...), append(b.seen, seen...)
}

func (b *batch) clone() batch {
	var c batch
	c.add(b.records, b.seen...)
	return c
}

// wipe overwrites: forgotten means that.
func (b *batch) wipe() {
	clear(b.records)
	b.records, b.seen = b.records[:0], b.seen[:0]
}

// forget wipes what was seen before then, and tells how much that was and when the
// youngest of it was seen.
func (b *batch) forget(before time.Duration) (n int, youngest time.Duration) {
	kept := 0
	for i, seen := range b.seen {
		if seen < before {
			n, youngest = n+1, max(youngest, seen)
			continue
		}
		if kept < i {
			copy(b.records[kept*report.RecordSize:], b.records[i*report.RecordSize:(i+1)*report.RecordSize])
			b.seen[kept] = seen
		}
		kept++
	}
	clear(b.records[kept*report.RecordSize:])
	b.records, b.seen = b.records[:kept*report.RecordSize], b.seen[:kept]
	return n, youngest
}

// youngest is when the last of them was seen.
func (b *batch) youngest() (last time.Duration) {
	for _, seen := range b.seen {
		last = max(last, seen)
	}
	return last
}
