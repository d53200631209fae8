// Package sightings remembers for a short while which resolvers asked for a
// check's names. It holds everything in RAM, forgets after Kept, and is bounded
// in every direction, because anybody can send it DNS queries.
//
// The table is split into shards. Inside a shard the sessions stand in order of
// birth, so expiry and eviction are the same step (drop the oldest), and the
// entries live in one slab; both are pages of pointer-free values, so a million of
// them cost the garbage collector nothing.
package sightings

import (
	"context"
	"hash/maphash"
	"math"
	"net/netip"
	"time"

	"watertight/server/wash"
)

const (
	// defaultTokens: at 120 s this is 2,000 new checks a second. Under a flood of
	// invented tokens the oldest go first, none before 240,000 younger ones have come
	// (the shards fill a little unevenly); a stream that is already open has been told
	// what it needs within milliseconds, and who reads too late is told that something
	// is missing.
	defaultTokens = 1 << 18

	// defaultEntries bounds one token: sixteen probes, seen by a pool of eight
	// egress addresses over two transports. What comes then is dropped, and News
	// says so: it could be the one resolver that nobody should have asked.
	defaultEntries = 256

	// entriesPerToken is the size of the shared slab per allowed token (most
	// checks need fewer than four entries), and entries are taken as they are used:
	// about 100 MB when all is full.
	entriesPerToken = 4

	// defaultShards keeps lock contention low without wasting memory.
	defaultShards = 64

	// maxTypes: a browser asks A, AAAA, HTTPS; resolvers add NS and DS. Seven make
	// an entry 64 bytes.
	maxTypes = 7
)

// Transport is how a query came.
type Transport uint8

// Transports.
const (
	UDP Transport = iota
	TCP
)

func (t Transport) String() string {
	if t == TCP {
		return "tcp"
	}
	return "udp"
}

// EDNS is what the resolver said about itself (RFC 6891).
type EDNS struct {
	Present    bool
	Size       uint16
	DO, Cookie bool
}

// Observation is one query.
type Observation struct {
	Token     Token
	Label     Label
	Resolver  netip.Addr
	Transport Transport
	Type      uint16
	EDNS      EDNS
	ECS       netip.Prefix
	At        time.Time // when it came; zero is now
}

// Sighting is what is known of one resolver under one label and transport.
type Sighting struct {
	Label     Label
	Resolver  netip.Addr
	Transport Transport
	Types     []uint16 // ascending
	EDNS      EDNS
	ECS       netip.Prefix
}

// Options of a Table; zero values mean the defaults.
type Options struct {
	Tokens  int              // upper bound of sessions
	Entries int              // upper bound of entries per session
	Shards  int              // power of two is not needed
	Now     func() time.Time // clock
	// Heir is of a table that has just been lost: until Kept is over, nobody can know
	// what that one had seen, and every reader is told so.
	Heir bool
}

// Table is safe for concurrent use.
type Table struct {
	shards []shard
	seed   maphash.Seed
	now    func() time.Time
	epoch  time.Time
}

// New makes an empty table.
func New(o Options) *Table {
	if o.Tokens <= 0 {
		o.Tokens = defaultTokens
	}
	if o.Entries <= 0 {
		o.Entries = defaultEntries
	}
	o.Entries = min(o.Entries, math.MaxUint16) // they are counted in 16 bits
	if o.Shards <= 0 {
		o.Shards = min(defaultShards, o.Tokens)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &Table{shards: make([]shard, o.Shards), seed: maphash.MakeSeed(), now: o.Now, epoch: o.Now()}
	perShard := max(1, o.Tokens/o.Shards)
	for i := range t.shards {
		t.shards[i].index.seed = t.seed
		t.shards[i].lost.seed = maphash.MakeSeed()
		t.shards[i].heir = o.Heir
		t.shards[i].limits = limits{
			sessions: perShard,
			entries:  o.Entries,
			slab:     max(o.Entries, perShard*entriesPerToken),
		}
	}
	return t
}

// clock counts from the table's birth, so that a step of the wall clock can
// neither keep a sighting longer nor drop it early.
func (t *Table) clock() time.Duration { return t.now().Sub(t.epoch) }

// shard is chosen by the low half of a keyed hash, and the place in its index by
// the high half: nobody can aim tokens at one shard.
func (t *Table) shard(k Token) *shard { return t.shardOf(hash(t.seed, k)) }

// shardOf multiplies where it could divide (Lemire, 2019).
func (t *Table) shardOf(h uint64) *shard {
	return &t.shards[uint64(uint32(h))*uint64(len(t.shards))>>32]
}

func hash(seed maphash.Seed, k Token) uint64 { return maphash.Comparable(seed, k) }

// Record merges one query into its session and wakes that token's streams.
func (t *Table) Record(o Observation) {
	o.Resolver = o.Resolver.Unmap().WithZone("")
	if !o.Resolver.IsValid() {
		return
	}
	if o.At.IsZero() {
		o.At = t.now()
	}
	h, now := hash(t.seed, o.Token), o.At.Sub(t.epoch)
	s := t.shardOf(h)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	if s.record(&o, h, now) {
		s.wake(o.Token)
	}
}

// Snapshot is everything known under a token, first seen first. An unknown token
// and one without sightings give the same empty answer.
func (t *Table) Snapshot(k Token) News {
	s := t.shard(k)
	now := t.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	news, _ := s.since(k, mark{}, now)
	return news
}

// Sweep forgets what is due and says how long nothing else will be.
func (t *Table) Sweep() time.Duration {
	next := Kept
	now := t.clock()
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		s.expire(now)
		if oldest, ok := s.oldest(); ok {
			next = min(next, oldest+Kept-now)
		}
		s.mu.Unlock()
	}
	return next
}

// Run sweeps until ctx ends: one goroutine for the whole table, and the promise
// of Kept holds even when nobody asks any more.
func (t *Table) Run(ctx context.Context) {
	timer := time.NewTimer(Kept)
	defer timer.Stop()
	for {
		timer.Reset(max(t.Sweep(), time.Millisecond))
		wash.Stack() // the tokens just dropped are still on it
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
	}
}
