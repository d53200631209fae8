package main

import (
	"net"
	"sync"

	"watertight/server/limit"
	"watertight/server/wash"
)

const (
	// maxConns of the API at once: streams (api) and what comes and goes beside them.
	maxConns = 12_000
	// maxConnsPerPeer: a carrier's NAT hides many users; each check has six at most.
	maxConnsPerPeer = 512
)

// crowd bounds connections: each costs memory before it has said a word.
type crowd struct{ places *limit.Places }

func newCrowd(most, perPeer int) *crowd { return &crowd{limit.NewPlaces(most, perPeer)} }

// enter wraps a connection that may come in; nil is one that may not.
func (c *crowd) enter(conn net.Conn) net.Conn {
	from := conn.RemoteAddr()
	leave, ok := c.places.Enter(from.(*net.TCPAddr).AddrPort().Addr().Unmap().WithZone(""))
	if !ok {
		return nil
	}
	return &counted{Conn: conn, from: peer{from, from.String()}, leave: sync.OnceFunc(leave)}
}

// counted is one of the crowd until it is closed. The goroutine that serves it gets a
// larger stack before there is anything on it, and leaves none of it behind.
type counted struct {
	net.Conn
	from    peer
	deep    bool
	greeted bool // by HTTP/2
	leave   func()
}

// peer is an address whose text is made only once, and not on the stack of who asks.
type peer struct {
	net.Addr
	text string
}

func (p peer) String() string { return p.text }

func (c *counted) RemoteAddr() net.Addr { return c.from }

// Read is first called by the one that serves, and later by others that help.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if !c.deep {
		c.deep = true
		wash.Deepen()
	}
	return n, err //nolint:wrapcheck // as it is
}

// Close is the last thing that is done with it.
func (c *counted) Close() error {
	c.leave()
	err := c.Conn.Close()
	wash.Below()
	return err //nolint:wrapcheck // as it is
}
