package outbox

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// counts of records, and of requests that were made again.
type counts struct{ accepted, dropped, late, refused, retries atomic.Uint64 }

// Counts is what became of the records so far.
type Counts struct {
	Accepted uint64 // the API has them
	Dropped  uint64 // pushed out of the queue by younger ones
	Late     uint64 // too old before they got through
	Refused  uint64 // the API does not want them
	Retries  uint64 // requests beyond the first for a batch
	Waiting  int    // in the queue now
}

// Counts reads them.
func (b *Outbox) Counts() Counts {
	c := &b.counts
	return Counts{c.accepted.Load(), c.dropped.Load(), c.late.Load(), c.refused.Load(), c.retries.Load(), b.queue.waiting()}
}

// Err is why the last batch did not get through; nil when it did, or when the API has said
// since that the next one would (herald).
func (b *Outbox) Err() error {
	b.mood.mu.Lock()
	defer b.mood.mu.Unlock()
	return b.mood.err
}

// sayEvery keeps a log short while something is broken.
const sayEvery = time.Minute

// mood turns the fate of batches into few lines for the operator.
type mood struct {
	say func(string)

	mu      sync.Mutex
	err     error
	told    bool // that it is bad
	refused bool // and of which kind
	last    time.Time
}

func (m *mood) change(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.err = err
	refused := errors.Is(err, errRefused)
	switch {
	case err == nil && m.told:
		m.told = false
		m.say("reports go through again")
	case err != nil && (refused && !m.refused || time.Since(m.last) > sayEvery):
		m.told, m.refused, m.last = true, refused, time.Now()
		m.say("a report does not go through: " + err.Error())
	}
}
