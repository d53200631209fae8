package sightings

import "hash/maphash"

// index finds a session's number by its token: open addressing with linear
// probing. Tokens stand in the sessions already; a map would keep them again, in
// six times the memory. Its hash is keyed, so nobody can aim at a place.
type index struct {
	seed  maphash.Seed
	slots []uint32 // number modulo 2^31, and a low bit of 1; 0 is free
	used  int
}

const smallestIndex = 16

func slotOf(n uint64) uint32 { return uint32(n)<<1 | 1 }

// number is the one of the window that starts at first.
func (s *shard) number(slot uint32) uint64 {
	return s.first + uint64((slot>>1-uint32(s.first))&(1<<31-1))
}

func (x *index) home(h uint64) int { return int(h >> 32 & uint64(len(x.slots)-1)) }

func (x *index) next(i int) int { return (i + 1) & (len(x.slots) - 1) }

// place is where a token stands, or the free slot where it would.
func (s *shard) place(k Token, h uint64) (i int, found bool) {
	x := &s.index
	for i = x.home(h); x.slots[i] != 0; i = x.next(i) {
		if s.sessions.at(s.number(x.slots[i])).token == k {
			return i, true
		}
	}
	return i, false
}

func (s *shard) lookUp(k Token, h uint64) (n uint64, ok bool) {
	if s.index.used == 0 {
		return 0, false
	}
	i, ok := s.place(k, h)
	if !ok {
		return 0, false
	}
	return s.number(s.index.slots[i]), true
}

// enter adds a session that stands in the window but not in the index.
func (s *shard) enter(n uint64) {
	x := &s.index
	if 4*(x.used+1) > 3*len(x.slots) {
		x.slots, x.used = make([]uint32, max(smallestIndex, 2*len(x.slots))), 0
		for old := s.first; old != n; old++ {
			s.set(old)
		}
	}
	s.set(n)
}

func (s *shard) set(n uint64) {
	k := s.sessions.at(n).token
	i, _ := s.place(k, hash(s.index.seed, k))
	s.index.slots[i] = slotOf(n)
	s.index.used++
}

// remove closes the gap: what stands behind it and could not be found across a
// free slot moves up (Knuth, TAOCP 6.4, algorithm R).
func (s *shard) remove(k Token) {
	x := &s.index
	gap, found := s.place(k, hash(x.seed, k))
	if !found {
		return
	}
	x.used--
	for i := x.next(gap); x.slots[i] != 0; i = x.next(i) {
		home := x.home(hash(x.seed, s.sessions.at(s.number(x.slots[i])).token))
		mask := len(x.slots) - 1
		if (i-home)&mask >= (i-gap)&mask {
			x.slots[gap], gap = x.slots[i], i
		}
	}
	x.slots[gap] = 0
}
