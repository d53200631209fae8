package api

import (
	"net/netip"
	"sync"
)

// gauge counts what is open, in all and per peer.
type gauge struct {
	mu              sync.Mutex
	max, maxPerPeer int
	all             int
	peers           map[netip.Addr]int
}

// enter reports whether one more may be open, and how to leave.
func (g *gauge) enter(a netip.Addr) (leave func(), ok bool) {
	if a.Is6() { // one customer, one /64
		if p, err := a.Prefix(64); err == nil {
			a = p.Addr()
		}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.all >= g.max || g.peers[a] >= g.maxPerPeer {
		return nil, false
	}
	if g.peers == nil {
		g.peers = make(map[netip.Addr]int)
	}
	g.all++
	g.peers[a]++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.all--
		if g.peers[a]--; g.peers[a] == 0 {
			delete(g.peers, a)
		}
	}, true
}

// open is how many are.
func (g *gauge) open() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.all
}

// Streams is how many are open.
func (h *Handler) Streams() int { return h.streams.open() }
