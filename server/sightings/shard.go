package sightings

import (
	"sync"
	"time"
)

type limits struct{ sessions, entries, slab int }

// session is one token's chain of entries.
type session struct {
	born       time.Duration
	head, tail uint32 // entry number + 1; 0 is none
	revision   uint32 // grows with every change
	full       uint32 // revision at which something was first dropped; 0 is never
	count      uint16 // of sightings
	paths      uint8
	token      Token
}

type shard struct {
	mu     sync.Mutex
	limits limits

	// sessions are numbered by birth, and [first, last) live.
	sessions    pages[session]
	first, last uint64
	eldest      time.Duration // birth of the first, which is in no cache
	index       index

	slab  pages[entry]
	taken int    // of the slab, in use or free
	used  int    // in use
	free  uint32 // chain of unused entries, number + 1

	subs map[Token][]*Subscription
	lost lost
	heir bool // of a table that was lost
	// missing: until then, who begins to read is told that there may be more (Miss).
	missing time.Duration
}

func (s *shard) at(n uint64) *session { return s.sessions.at(n) }

// link finds an entry by its number + 1.
func (s *shard) link(n uint32) *entry { return s.slab.at(uint64(n - 1)) }

func (s *shard) oldest() (time.Duration, bool) {
	if s.first == s.last {
		return 0, false
	}
	return s.eldest, true
}

// expire drops what is older than Kept.
func (s *shard) expire(now time.Duration) {
	s.lost.turn(now)
	for s.first != s.last && now-s.eldest >= Kept {
		s.dropOldest()
	}
}

// pushOut drops the oldest session before its time, because a bound is reached. That
// is remembered, and told to those who follow it and have not read all of it.
func (s *shard) pushOut(now time.Duration) {
	n, old := s.first, s.at(s.first)
	s.lost.add(old.token, now)
	for _, sub := range s.subs[old.token] {
		if read := sub.read; read.session != n+1 || read.revision != old.revision {
			sub.missed = true
			sub.rouse()
		}
	}
	s.dropOldest()
}

// dropOldest wipes the entries too: forgotten means overwritten.
func (s *shard) dropOldest() {
	old := s.at(s.first)
	s.remove(old.token)
	for n := old.head; n != 0; {
		e := s.link(n)
		next := e.next
		*e = entry{next: s.free}
		s.free = n
		s.used--
		n = next
	}
	*old = session{}
	s.first++
	s.sessions.leave(s.first)
	if s.first == s.last { // give the memory of a past flood back
		s.sessions, s.slab = pages[session]{base: s.first}, pages[entry]{}
		s.index.slots, s.taken, s.free = nil, 0, 0
		return
	}
	s.eldest = s.at(s.first).born
}

// session finds or makes the session of a token.
func (s *shard) session(k Token, h uint64, now time.Duration) *session {
	if n, ok := s.lookUp(k, h); ok {
		return s.at(n)
	}
	if int(s.last-s.first) >= s.limits.sessions {
		s.pushOut(now)
	}
	n := s.last
	s.sessions.reach(n)
	*s.at(n) = session{token: k, born: now}
	s.enter(n)
	if n == s.first {
		s.eldest = now
	}
	s.last++
	return s.at(n)
}

// newEntry takes an entry from the slab; when that is full the oldest session
// pays for it, unless it is the one that asks.
func (s *shard) newEntry(owner *session, now time.Duration) (uint32, bool) {
	for s.free == 0 && s.taken >= s.limits.slab {
		if s.at(s.first) == owner {
			return 0, false
		}
		s.pushOut(now)
	}
	s.used++
	if n := s.free; n != 0 {
		s.free = s.link(n).next
		*s.link(n) = entry{}
		return n, true
	}
	s.slab.reach(uint64(s.taken))
	s.taken++
	return uint32(s.taken), true
}
