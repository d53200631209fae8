// Package outbox is the node's end of package report: it takes what DNS and TURN have
// seen from the goroutines that answer packets, at the price of one copy, and sends it to
// an API elsewhere. Nothing that goes wrong on the way comes back to those goroutines:
// what cannot be sent in time is dropped, oldest first, and counted, and the API is told that
// something is missing.
package outbox

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
)

const (
	// capacity in records, 88 bytes each: what ten thousand queries a second bring while
	// the API restarts.
	capacity = 1 << 16
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
	echoes  echoes
	loss    loss
	counts  counts
	mood    mood
	times   times
	began   time.Time

	gather, send context.Context
	end, abort   context.CancelFunc
	wait         sync.WaitGroup
}

// New starts the senders.
func New(o Options) *Outbox { return open(o, usual) }

func open(o Options, t times) *Outbox {
	b := &Outbox{
		options: o, client: newClient(o.Roots, t), queue: newQueue(capacity), times: t, began: time.Now(),
		wake: make(chan struct{}, 1), turn: make(chan time.Time, 1),
		echoes: echoes{wake: make(chan struct{}, 1)}, loss: loss{wake: make(chan struct{}, 1)},
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
	b.wait.Go(b.herald)
	b.wait.Go(b.sweep)
	return b
}

// now is the outbox's clock, which steps of the wall clock do not move.
func (b *Outbox) now() time.Duration { return time.Since(b.began) }

// Close sends what is left, for as long as lastWords, and ends.
func (b *Outbox) Close() error {
	b.end()
	timer := time.AfterFunc(lastWords, b.abort)
	b.wait.Wait()
	if b.loss.untold.Load() {
		b.tell()
	}
	timer.Stop()
	b.abort()
	b.client.CloseIdleConnections()
	for b.queue.take(nil) { // the records of users are wiped
		b.counts.dropped.Add(1)
	}
	b.echoes.forget(math.MaxInt64)
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
	seen := b.now()
	if !r.At.IsZero() {
		seen = r.At.Sub(b.began)
	}
	if lost := b.queue.force(r, seen); lost > 0 {
		b.counts.dropped.Add(uint64(lost))
		b.loss.note(seen)
	}
	if b.idle.Load() && b.idle.CompareAndSwap(true, false) {
		select {
		case b.wake <- struct{}{}:
		default: // awake already
		}
	}
}
