package limit

import (
	"encoding/binary"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

const (
	// bits4 and bits6 are what one customer or one resolver farm has at most; an
	// attacker who forges a victim's whole prefix shares one bucket.
	bits4, bits6 = 24, 56
	// sets × ways prefixes are remembered, in 1.5 MB.
	sets, ways = 8192, 8
	// stripes of locks, so that the loops of several sockets seldom meet.
	stripes = 64
)

// Prefixes has a bucket for each prefix that was seen of late. It is safe for
// concurrent use.
type Prefixes struct {
	rate  Rate
	clock Clock
	seed  maphash.Seed
	locks [stripes]sync.Mutex
	slots [sets][ways]slot
}

type slot struct {
	key uint64 // 0 is unused
	b   bucket
}

// NewPrefixes is without a limit when the rate is zero.
func NewPrefixes(r Rate, c Clock) *Prefixes {
	return &Prefixes{rate: r, clock: c, seed: maphash.MakeSeed()}
}

// Allow reports whether the prefix of an address may have one more. Loopback may
// always: nobody can send from there but this host.
func (p *Prefixes) Allow(a netip.Addr) bool { return p.AllowAt(a, p.clock()) }

// AllowAt is for who knows already what the clock says.
func (p *Prefixes) AllowAt(a netip.Addr, now time.Duration) bool {
	a = a.Unmap()
	if p.rate.PerSecond <= 0 || a.IsLoopback() {
		return true
	}
	key := keyOf(a)
	n := maphash.Comparable(p.seed, key) % sets // keyed: nobody can aim at a set
	lock := &p.locks[n%stripes]
	lock.Lock()
	defer lock.Unlock()
	return p.find(&p.slots[n], key, now).b.take(p.rate, now)
}

// find takes the place of the prefix that has been quiet for longest, if there is
// none for this one: its bucket is the fullest, so least is forgotten.
func (p *Prefixes) find(set *[ways]slot, key uint64, now time.Duration) *slot {
	oldest := &set[0]
	for i := range set {
		s := &set[i]
		if s.key == key {
			return s
		}
		if s.key == 0 || oldest.key != 0 && s.b.at < oldest.b.at {
			oldest = s
		}
	}
	*oldest = slot{key, bucket{p.rate.Burst, now}}
	return oldest
}

// keyOf is the prefix, under its family.
func keyOf(a netip.Addr) uint64 {
	if a.Is4() {
		b := a.As4()
		return 4<<56 | uint64(binary.BigEndian.Uint32(b[:])>>(32-bits4))
	}
	b := a.As16()
	return 6<<56 | binary.BigEndian.Uint64(b[:])>>(64-bits6)
}
