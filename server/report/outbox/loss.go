package outbox

import (
	"errors"
	"sync/atomic"
	"time"

	"watertight/server/report"
)

// loss remembers that records did not get to the API, until it has been told: who reads
// what it has must not take that for all there was. Of whom they were is not remembered.
type loss struct {
	youngest atomic.Int64  // when the last of them was seen, by the outbox's clock
	untold   atomic.Bool   // the API does not know
	wake     chan struct{} // at most one
}

// grain of what is remembered: a flood that drops records need not write for each.
const grain = int64(50 * time.Millisecond)

// note neither waits nor allocates.
func (l *loss) note(seen time.Duration) {
	for {
		old := l.youngest.Load()
		if int64(seen)-old < grain && old != 0 || l.youngest.CompareAndSwap(old, int64(seen)) {
			break
		}
	}
	if l.untold.Load() || !l.untold.CompareAndSwap(false, true) {
		return
	}
	select {
	case l.wake <- struct{}{}:
	default: // awake already
	}
}

// herald tells the API of losses, and asks it while the last batch did not go through and
// no other may come: otherwise nobody would learn that it is there again.
func (b *Outbox) herald() {
	tick := time.NewTicker(b.times.ask)
	defer tick.Stop()
	next := time.Duration(0) // when it may be told again
	for {
		select {
		case <-b.loss.wake:
		case <-tick.C:
		case <-b.gather.Done():
			return
		}
		switch now := b.now(); {
		case b.loss.untold.Load() && now >= next:
			next = now + b.times.ask
			if b.tell() {
				next = now + b.times.tell
			}
		case b.Err() != nil:
			b.mood.change(b.try(nil, 0))
		}
	}
}

// tell that records are missing. To an API from before it could be told that is foreign, and
// no reason to call this node ill: what counts is whether it takes a batch without.
func (b *Outbox) tell() bool {
	b.loss.untold.Store(false)
	since := b.now() - time.Duration(b.loss.youngest.Load())
	err := b.try(nil, report.MissingSince(since))
	if errors.Is(err, errForeign) {
		err = b.try(nil, 0)
	}
	b.mood.change(err)
	if err != nil {
		b.loss.untold.Store(true)
	}
	return err == nil
}
