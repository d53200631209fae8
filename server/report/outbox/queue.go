package outbox

import (
	"math"
	"sync/atomic"
	"time"

	"watertight/server/report"
)

// queue is a ring of records between the goroutines that answer packets and those that
// send. It has no lock: each slot has a turn, which says whose it is (Vyukov's bounded
// queue), so one who is interrupted holds nobody up for longer than putTries.
type queue struct {
	slots []slot
	_     [64]byte // the two ends are written by different cores
	tail  atomic.Uint64
	_     [64]byte
	head  atomic.Uint64
}

type slot struct {
	turn   atomic.Uint64 // its number: free; one more: full
	seen   atomic.Int64  // when its record was, by the outbox's clock
	record report.Raw
}

func newQueue(size int) *queue {
	q := &queue{slots: make([]slot, size)}
	for i := range q.slots {
		q.slots[i].turn.Store(uint64(i))
	}
	return q
}

// put writes a record into the next free slot; false when there is none.
func (q *queue) put(r *report.Record, seen time.Duration) bool {
	for {
		n := q.tail.Load()
		s := &q.slots[n%uint64(len(q.slots))]
		switch turn := s.turn.Load(); {
		case turn == n:
			if q.tail.CompareAndSwap(n, n+1) {
				r.Put(&s.record)
				s.seen.Store(int64(seen))
				s.turn.Store(n + 1)
				return true
			}
		case turn < n:
			return false
		}
	}
}

// take moves the oldest record out, wipes its slot, and adds it to dst unless that is nil;
// false when there is none.
func (q *queue) take(dst *batch) bool { return q.takeOlder(dst, math.MaxInt64) }

// takeOlder takes none that was seen then or later.
func (q *queue) takeOlder(dst *batch, than time.Duration) bool {
	for {
		n := q.head.Load()
		s := &q.slots[n%uint64(len(q.slots))]
		switch turn := s.turn.Load(); {
		case turn == n+1:
			seen := time.Duration(s.seen.Load()) // of a younger one, if another takes this one now
			if seen >= than {
				return false
			}
			if q.head.CompareAndSwap(n, n+1) {
				if dst != nil {
					dst.add(s.record[:], seen)
				}
				s.record = report.Raw{}
				s.turn.Store(n + uint64(len(q.slots)))
				return true
			}
		case turn < n+1:
			return false
		}
	}
}

// putTries: who finds the ring full, and the oldest not to be had either, is in a race
// that others will have finished by the next packet.
const putTries = 8

// force makes room by dropping the oldest records, and tells how many were lost.
func (q *queue) force(r *report.Record, seen time.Duration) (lost int) {
	for range putTries {
		if q.put(r, seen) {
			return lost
		}
		if q.take(nil) {
			lost++
		}
	}
	return lost + 1
}

// waiting is about how many records there are.
func (q *queue) waiting() int { return max(0, int(q.tail.Load()-q.head.Load())) }
