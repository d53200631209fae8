package main

import (
	"net"
	"net/netip"
	"sync"
)

const (
	// maxConns of the API at once: streams (api) and what comes and goes beside them.
	maxConns = 12_000
	// maxConnsPerPeer: a carrier's NAT hides many users; each check has six at most.
	maxConnsPerPeer = 512
)

// crowd bounds connections: each costs memory before it has said a word.
type crowd struct {
	max, maxPerPeer int

	mu    sync.Mutex
	all   int
	peers map[netip.Addr]int
}

func newCrowd(most, perPeer int) *crowd {
	return &crowd{max: most, maxPerPeer: perPeer, peers: make(map[netip.Addr]int)}
}

// enter wraps a connection that may come in; nil is one that may not.
func (c *crowd) enter(conn net.Conn) net.Conn {
	a := conn.RemoteAddr().(*net.TCPAddr).AddrPort().Addr().Unmap().WithZone("")
	if a.Is6() { // one customer, one /64
		p, _ := a.Prefix(64) // the length is right
		a = p.Addr()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all >= c.max || c.peers[a] >= c.maxPerPeer {
		return nil
	}
	c.all++
	c.peers[a]++
	return &counted{Conn: conn, leave: sync.OnceFunc(func() { c.leave(a) })}
}

func (c *crowd) leave(a netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all--
	if c.peers[a]--; c.peers[a] == 0 {
		delete(c.peers, a)
	}
}

// counted is one of the crowd until it is closed.
type counted struct {
	net.Conn
	leave func()
}

func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close() //nolint:wrapcheck // as it is
}
