package sightings

import (
	"sync"
	"time"
)

type limits struct{ sessions, entries, slab int }

// session is one token's chain of entries.
type session struct {
	token      Token
	born       time.Duration
	head, tail uint32 // entry number + 1; 0 is none
	count      int    // of sightings
	paths      int
	revision   uint32 // grows with every change
	full       uint32 // revision at which something was first dropped; 0 is never
}

type shard struct {
	mu     sync.Mutex
	limits limits

	// ring holds the sessions [first, last) at position n % len(ring).
	ring        []session
	first, last uint64
	byToken     map[Token]uint64

	slab []entry
	free uint32 // chain of unused entries, number + 1
	used int

	subs map[Token][]*Subscription
}

func (s *shard) at(n uint64) *session { return &s.ring[n%uint64(len(s.ring))] }

func (s *shard) oldest() (time.Duration, bool) {
	if s.first == s.last {
		return 0, false
	}
	return s.at(s.first).born, true
}

// expire drops what is older than Kept.
func (s *shard) expire(now time.Duration) {
	for s.first != s.last && now-s.at(s.first).born >= Kept {
		s.dropOldest()
	}
}

// dropOldest wipes the entries too: forgotten means overwritten.
func (s *shard) dropOldest() {
	old := s.at(s.first)
	delete(s.byToken, old.token)
	for n := old.head; n != 0; {
		e := &s.slab[n-1]
		next := e.next
		*e = entry{next: s.free}
		s.free = n
		s.used--
		n = next
	}
	*old = session{}
	s.first++
	if s.first == s.last { // give the memory of a past flood back
		s.ring, s.byToken, s.slab, s.free = nil, nil, nil, 0
	}
}

// session finds or makes the session of a token.
func (s *shard) session(k Token, now time.Duration) *session {
	if n, ok := s.byToken[k]; ok {
		return s.at(n)
	}
	if int(s.last-s.first) >= s.limits.sessions {
		s.dropOldest()
	}
	if int(s.last-s.first) == len(s.ring) {
		s.growRing()
	}
	if s.byToken == nil {
		s.byToken = make(map[Token]uint64)
	}
	n := s.last
	s.last++
	s.byToken[k] = n
	*s.at(n) = session{token: k, born: now}
	return s.at(n)
}

func (s *shard) growRing() {
	bigger := make([]session, min(max(8, 2*len(s.ring)), max(8, s.limits.sessions)))
	for n := s.first; n != s.last; n++ {
		bigger[n%uint64(len(bigger))] = *s.at(n)
	}
	s.ring = bigger
}

// newEntry takes an entry from the slab; when that is full the oldest session
// pays for it, unless it is the one that asks.
func (s *shard) newEntry(owner *session) (uint32, bool) {
	for s.free == 0 && len(s.slab) >= s.limits.slab {
		if s.at(s.first) == owner {
			return 0, false
		}
		s.dropOldest()
	}
	s.used++
	if n := s.free; n != 0 {
		s.free = s.slab[n-1].next
		s.slab[n-1] = entry{}
		return n, true
	}
	s.slab = append(s.slab, entry{})
	return uint32(len(s.slab)), true
}
