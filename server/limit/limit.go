// Package limit bounds how much is done for whom: for one prefix of source
// addresses (answers over UDP, whose sources can be forged), and in all
// (signatures, which cost much). It keeps a fixed amount of memory whatever comes.
package limit

import (
	"sync"
	"time"
)

// Rate is so many a second, and so many at once after a rest.
type Rate struct{ PerSecond, Burst float64 }

// Clock is the time since any fixed moment.
type Clock func() time.Duration

// Since is the clock of the process: steps of the wall clock do not move it.
func Since(start time.Time) Clock { return func() time.Duration { return time.Since(start) } }

// bucket is a token bucket. Its zero value is empty.
type bucket struct {
	tokens float64
	at     time.Duration
}

// fill moves at forwards only: callers have read the clock at different times (the
// readers of a socket once for each batch), and no moment may count twice.
func (b *bucket) fill(r Rate, now time.Duration) {
	if now <= b.at {
		return
	}
	b.tokens = min(r.Burst, b.tokens+r.PerSecond*(now-b.at).Seconds())
	b.at = now
}

func (b *bucket) take(r Rate, now time.Duration) bool {
	b.fill(r, now)
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// Budget is one bucket for everybody. It is safe for concurrent use.
type Budget struct {
	rate  Rate
	clock Clock
	mu    sync.Mutex
	b     bucket
}

// NewBudget starts full.
func NewBudget(r Rate, c Clock) *Budget {
	return &Budget{rate: r, clock: c, b: bucket{r.Burst, c()}}
}

// Take reports whether there is one left.
func (b *Budget) Take() bool {
	now := b.clock()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.take(b.rate, now)
}
