package sightings

import (
	"hash/maphash"
	"time"
)

const (
	// lostBits for each half of a shard's filter, in 16 kB. A flood of 20,000 new tokens
	// a second over 64 shards pushes out 19,000 in one half's time, and then about one
	// token in sixteen is thought to be lost that was not.
	lostBits = 1 << 17
	// lostKept is how long one half is written to, so a loss is remembered for one to
	// two minutes: longer than any stream lives.
	lostKept = Kept / 2
)

// lost remembers for a while which sessions were pushed out before their time, so
// that nobody takes what is left for all there was. It is a filter (Bloom, 1970) of
// two halves that take turns: it keeps no token, forgets nothing too early, and errs
// only towards "something may be missing".
type lost struct {
	seed        maphash.Seed
	now, before []uint64 // nil while nothing is lost
	turned      time.Duration
}

// places of a token in either half.
func (l *lost) places(k Token) [2]uint32 {
	h := maphash.Comparable(l.seed, k)
	return [2]uint32{uint32(h) % lostBits, uint32(h>>32) % lostBits}
}

// turn forgets what is older than lostKept, at the latest after twice that.
func (l *lost) turn(now time.Duration) {
	switch age := now - l.turned; {
	case l.now == nil && l.before == nil, age < lostKept:
	case age < 2*lostKept:
		l.now, l.before, l.turned = nil, l.now, now
	default:
		l.now, l.before = nil, nil
	}
}

func (l *lost) add(k Token, now time.Duration) {
	l.turn(now)
	if l.now == nil {
		l.now = make([]uint64, lostBits/64)
		if l.before == nil {
			l.turned = now
		}
	}
	for _, p := range l.places(k) {
		l.now[p/64] |= 1 << (p % 64)
	}
}

func (l *lost) has(k Token, now time.Duration) bool {
	l.turn(now)
	if l.now == nil && l.before == nil {
		return false
	}
	p := l.places(k)
	return holds(l.now, p) || holds(l.before, p)
}

func holds(half []uint64, places [2]uint32) bool {
	for _, p := range places {
		if half == nil || half[p/64]&(1<<(p%64)) == 0 {
			return false
		}
	}
	return true
}
