package outbox

import "time"

const (
	// pause between two batches: the first record after a rest leaves at once, and a
	// crowd costs fifty requests a second.
	pause = 20 * time.Millisecond
	// linger is for what comes together, such as A and AAAA of one name.
	linger = 2 * time.Millisecond
)

// sender gathers one batch at a time, alone, and sends it beside the others.
func (b *Outbox) sender() {
	all := newBatch()
	for {
		last := <-b.turn
		b.collect(all, last)
		now := time.Now()
		if all.room() == 0 {
			now = time.Time{} // there is more: the next one need not wait
		}
		b.turn <- now
		if all.len() == 0 {
			return // the end
		}
		if b.deliver(all) {
			b.remember(all)
		}
		all.wipe()
	}
}

// collect waits for records and then for those that come with them; none is the end.
func (b *Outbox) collect(all *batch, last time.Time) {
	b.drain(all)
	for all.len() == 0 {
		b.idle.Store(true)
		if b.drain(all); all.len() > 0 { // came before the flag was up
			break
		}
		select {
		case <-b.wake:
			b.drain(all)
		case <-b.gather.Done():
			b.drain(all)
			return
		}
	}
	b.idle.Store(false)
	if all.room() > 0 {
		rest(b.gather, max(linger, pause-time.Since(last)))
	}
	b.drain(all)
}

func (b *Outbox) drain(all *batch) {
	for all.room() > 0 && b.queue.take(all) {
	}
}

// sweep drops what is too old to be sent.
func (b *Outbox) sweep() {
	for rest(b.gather, b.times.sweep) {
		before := b.now() - b.times.lastTry()
		n := 0
		for b.queue.takeOlder(nil, before) {
			n++
		}
		b.late(n, before)
		b.echoes.forget(before)
	}
}
