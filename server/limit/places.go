package limit

import (
	"net/netip"
	"sync"
)

// Owners are what is counted for an address: itself (of IPv6 its /64, which one customer
// has at least), and the /24 or /56 around it, which one operator or one customer has.
func Owners(a netip.Addr) [2]netip.Prefix {
	own, around := 32, bits4
	if a.Is6() {
		own, around = 64, bits6
	}
	one, _ := a.Prefix(own) // the lengths are right
	both, _ := a.Prefix(around)
	return [2]netip.Prefix{one, both}
}

// share of all places is what one prefix gets, but no less than what so many addresses
// of it get: a carrier's NAT has many users behind one.
const share, addresses = 16, 2

// Places are what so many may have at once: in all, of one address, and of the prefix
// around it. It is safe for concurrent use.
type Places struct {
	all  int
	each [2]int // of the owners

	mu    sync.Mutex
	taken int
	by    map[netip.Prefix]int
}

// NewPlaces are so many in all, and of one address.
func NewPlaces(all, own int) *Places {
	return &Places{all: all, each: [2]int{own, max(all/share, addresses*own)}, by: make(map[netip.Prefix]int)}
}

// Enter takes a place if there is one, and tells how to leave it, which is done once.
// The prefix around loopback is nobody's: only this host sends from there.
func (p *Places) Enter(a netip.Addr) (leave func(), ok bool) {
	owners := Owners(a)
	counted := owners[:]
	if a.IsLoopback() {
		counted = owners[:1]
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, o := range counted {
		if p.by[o] >= p.each[i] {
			return nil, false
		}
	}
	if p.taken >= p.all {
		return nil, false
	}
	p.taken++
	for _, o := range counted {
		p.by[o]++
	}
	return func() { p.leave(counted) }, true
}

func (p *Places) leave(counted []netip.Prefix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	for _, o := range counted {
		if p.by[o]--; p.by[o] <= 0 {
			delete(p.by, o)
		}
	}
}

// Taken is how many are, and by how many owners.
func (p *Places) Taken() (places, owners int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken, len(p.by)
}
