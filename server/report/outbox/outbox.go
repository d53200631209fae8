// Package outbox is the node's end of package report: it takes what DNS and TURN have
// seen from the goroutines that answer packets, at the price of one copy, and sends it to
// an API elsewhere. Nothing that goes wrong on the way comes back to those goroutines:
// what cannot be sent in time is dropped, oldest first, and counted.
package outbox

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
)

const (
	// capacity in records, 80 bytes each: what ten thousand queries a second bring while
	// the API restarts.
	capacity = 1 << 16
	// pause between two batches: the first record after a rest leaves at once, and a
	// crowd costs fifty requests a second.
	pause = 20 * time.Millisecond
	// linger is for what comes together, such as A and AAAA of one name.
	linger = 2 * time.Millisecond
	// senders at once, so that a long way does not make a queue.
	senders = 16
	// lastWords is how long what is left may take when the node goes down.
	lastWords = 2 * time.Second
)

// Options of an Outbox.
type Options struct {
	URL   string             // of the API, such as https://leak.example.org
	Keys  func() report.Keys // of the moment
	Roots *x509.CertPool     // who vouches for the API; nil is the system's
	Say   func(line string)  // tells the operator, seldom
}

// Outbox sends records. Record and RecordPath are safe for concurrent use and neither
// wait nor allocate.
type Outbox struct {
	options Options
	client  *http.Client
	boot    [8]byte
	next    atomic.Uint64
	queue   *queue
	idle    atomic.Bool   // a sender waits for wake
	wake    chan struct{} // at most one
	turn    chan time.Time
	echoes  chan accepted
	counts  counts
	mood    mood

	gather, send context.Context
	end, abort   context.CancelFunc
	wait         sync.WaitGroup
}

// New starts the senders.
func New(o Options) *Outbox {
	b := &Outbox{
		options: o, client: newClient(o.Roots), queue: newQueue(capacity),
		wake: make(chan struct{}, 1), turn: make(chan time.Time, 1), echoes: make(chan accepted, echoesKept),
		mood: mood{say: o.Say},
	}
	_, _ = rand.Read(b.boot[:]) // never fails (crypto/rand)
	b.send, b.abort = context.WithCancel(context.Background())
	b.gather, b.end = context.WithCancel(b.send)
	b.turn <- time.Time{}
	for range senders {
		b.wait.Go(b.sender)
	}
	b.wait.Go(b.echo)
	return b
}

// Close sends what is left, for as long as lastWords, and ends.
func (b *Outbox) Close() error {
	b.end()
	timer := time.AfterFunc(lastWords, b.abort)
	b.wait.Wait()
	timer.Stop()
	b.abort()
	b.client.CloseIdleConnections()
	for b.queue.take(nil) { // the records of users are wiped
		b.counts.dropped.Add(1)
	}
	return nil
}

// Record takes one query.
func (b *Outbox) Record(o sightings.Observation) {
	b.take(&report.Record{Observation: o})
}

// RecordPath takes one proven path.
func (b *Outbox) RecordPath(k sightings.Token, p sightings.Path) {
	b.take(&report.Record{Observation: sightings.Observation{Token: k, Resolver: p.Address, Transport: p.Transport}, Path: true})
}

func (b *Outbox) take(r *report.Record) {
	if !r.Resolver.IsValid() {
		return
	}
	if lost := b.queue.force(r); lost > 0 {
		b.counts.dropped.Add(uint64(lost))
	}
	if b.idle.Load() && b.idle.CompareAndSwap(true, false) {
		select {
		case b.wake <- struct{}{}:
		default: // awake already
		}
	}
}

// sender gathers one batch at a time, alone, and sends it beside the others.
func (b *Outbox) sender() {
	records := make([]byte, 0, report.MaxRecords*report.RecordSize)
	for {
		last := <-b.turn
		records = b.collect(records[:0], last)
		now := time.Now()
		if len(records) == cap(records) {
			now = time.Time{} // there is more: the next one need not wait
		}
		b.turn <- now
		if len(records) == 0 {
			return // the end
		}
		if b.deliver(records) {
			b.remember(records)
		}
		clear(records)
	}
}

// collect waits for records and then for those that come with them; none is the end.
func (b *Outbox) collect(records []byte, last time.Time) []byte {
	records = b.drain(records)
	for len(records) == 0 {
		b.idle.Store(true)
		if records = b.drain(records); len(records) > 0 { // came before the flag was up
			break
		}
		select {
		case <-b.wake:
			records = b.drain(records)
		case <-b.gather.Done():
			return b.drain(records)
		}
	}
	b.idle.Store(false)
	if len(records) < cap(records) {
		timer := time.NewTimer(max(linger, pause-time.Since(last)))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-b.gather.Done():
		}
	}
	return b.drain(records)
}

func (b *Outbox) drain(records []byte) []byte {
	for len(records) < cap(records) && b.queue.take(&records) {
	}
	return records
}
