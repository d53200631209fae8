package outbox

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// echoesKept in batches; of more, the oldest have waited long enough.
const echoesKept = 128

// echoes are batches that the API has taken and that are said again, once.
type echoes struct {
	wake chan struct{} // at most one

	mu   sync.Mutex
	list []taken // by due
}

type taken struct {
	due time.Duration
	batch
}

func (e *echoes) add(due time.Duration, b *batch) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.list) >= echoesKept {
		return // it was taken once, which is what counts
	}
	e.list = append(e.list, taken{due, b.clone()})
	select {
	case e.wake <- struct{}{}:
	default: // awake already
	}
}

// next is when the next one is due.
func (e *echoes) next() (due time.Duration, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.list) == 0 {
		return 0, false
	}
	return e.list[0].due, true
}

// move those that are due by then, as many as there is room for.
func (e *echoes) move(to *batch, until time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	n := 0
	for ; n < len(e.list) && e.list[n].due <= until && e.list[n].len() <= to.room(); n++ {
		one := &e.list[n]
		to.add(one.records, one.seen...)
		one.wipe()
	}
	e.list = slices.Delete(e.list, 0, n)
}

// forget wipes what was seen before then. Of an echo it does not matter.
func (e *echoes) forget(before time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range e.list {
		_, _ = e.list[i].forget(before)
	}
	e.list = slices.DeleteFunc(e.list, func(one taken) bool { return one.len() == 0 })
}

// remember what the API has taken, unless it is too old to be said again.
func (b *Outbox) remember(all *batch) {
	now := b.now()
	if _, _ = all.forget(now - b.times.lastTry()); all.len() > 0 {
		b.echoes.add(now+b.times.echo, all)
	}
}

// echo says again what was taken, until the node goes down. The API merges it.
func (b *Outbox) echo() {
	all := newBatch()
	for b.waitForEcho() {
		b.echoes.move(all, b.now()+b.times.together)
		b.again(all)
		all.wipe()
	}
}

// waitForEcho is false when the node goes down.
func (b *Outbox) waitForEcho() bool {
	for {
		due, ok := b.echoes.next()
		if ok {
			return rest(b.gather, due-b.now())
		}
		select {
		case <-b.echoes.wake:
		case <-b.gather.Done():
			return false
		}
	}
}

// again is deliver without the counting of records: they were counted when they were taken.
func (b *Outbox) again(all *batch) {
	old := func() bool {
		_, _ = all.forget(b.now() - b.times.lastTry())
		return all.len() == 0
	}
	for wait := b.times.first; !old(); wait = min(2*wait, b.times.longest) {
		if err := b.try(all.records, 0); err == nil || errors.Is(err, errRefused) || old() || !rest(b.gather, wait) {
			return
		}
	}
}
