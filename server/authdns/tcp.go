package authdns

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"watertight/server/sightings"
	"watertight/server/udp"
)

const (
	// tcpIdle covers the wait for a query, its arrival and the answer: RFC 7766
	// §6.2.3 asks for seconds, and a slow sender must not hold a connection.
	tcpIdle = 10 * time.Second
	// tcpConns at about 10 kB each; a check needs TCP for one vector only.
	tcpConns = 1024
	// tcpPerPeer: big resolvers share one address, floods do too.
	tcpPerPeer = 64
	// tcpQueries of one connection; after that the peer may connect again.
	tcpQueries = 1000
	// acceptPause when accepting fails, as it does without file descriptors.
	acceptPause = 50 * time.Millisecond
)

// TCP is a DNS listener over TCP (RFC 7766).
type TCP struct {
	listener net.Listener
	handler  *Handler
	broken   func(where string)

	wait  sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]netip.Addr
	peers map[netip.Addr]int
	done  bool
}

// ListenTCP serves until Close. broken is told where the handler panicked.
func ListenTCP(addr netip.AddrPort, h *Handler, broken func(string)) (*TCP, error) {
	l, err := net.ListenTCP(udp.Network("tcp", addr.Addr()), net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	t := &TCP{
		listener: l, handler: h, broken: broken,
		conns: make(map[net.Conn]netip.Addr), peers: make(map[netip.Addr]int),
	}
	t.wait.Go(t.accept)
	return t, nil
}

// Addr is where it listens.
func (t *TCP) Addr() netip.AddrPort { return t.listener.Addr().(*net.TCPAddr).AddrPort() }

// Close takes no more queries, lets answers that are on their way finish, and
// waits.
func (t *TCP) Close() error {
	err := t.listener.Close()
	t.mu.Lock()
	t.done = true
	for c := range t.conns {
		_ = c.SetReadDeadline(time.Unix(1, 0))
	}
	t.mu.Unlock()
	t.wait.Wait()
	return err
}

func (t *TCP) accept() {
	for {
		c, err := t.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(acceptPause)
		case !t.enter(c):
			_ = c.Close()
		default:
			t.wait.Go(func() {
				defer t.leave(c)
				t.serve(c)
			})
		}
	}
}

func (t *TCP) enter(c net.Conn) bool {
	peer := peerOf(c).Addr()
	if peer.Is6() { // one customer, one /64
		if p, err := peer.Prefix(64); err == nil {
			peer = p.Addr()
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done || len(t.conns) >= tcpConns || t.peers[peer] >= tcpPerPeer {
		return false
	}
	t.conns[c] = peer
	t.peers[peer]++
	return true
}

func (t *TCP) leave(c net.Conn) {
	_ = c.Close()
	t.mu.Lock()
	defer t.mu.Unlock()
	peer := t.conns[c]
	delete(t.conns, c)
	if t.peers[peer]--; t.peers[peer] <= 0 {
		delete(t.peers, peer)
	}
}

// deadline gives the next query its time, unless Close has already taken it.
func (t *TCP) deadline(c net.Conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.done && c.SetDeadline(time.Now().Add(tcpIdle)) == nil
}

func (t *TCP) serve(c net.Conn) {
	defer func() {
		if r := recover(); r != nil {
			t.broken(udp.PanicPlace())
		}
	}()
	from := peerOf(c)
	var in, out []byte
	var size [2]byte
	for range tcpQueries {
		if !t.deadline(c) {
			return
		}
		if _, err := io.ReadFull(c, size[:]); err != nil {
			return
		}
		n := int(binary.BigEndian.Uint16(size[:]))
		if cap(in) < n {
			in = make([]byte, n)
		}
		if _, err := io.ReadFull(c, in[:n]); err != nil {
			return
		}
		out = t.handler.Answer(append(out[:0], 0, 0), in[:n], from, sightings.TCP)
		if len(out) < 2 { // silence: not DNS
			return
		}
		binary.BigEndian.PutUint16(out, uint16(len(out)-2))
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}

func peerOf(c net.Conn) netip.AddrPort {
	a, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	p := a.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap().WithZone(""), p.Port())
}
