// Package tcp runs request-and-answer protocols on TCP sockets: one goroutine for
// each connection, and bounds on how many there are, how long they sit and how
// much they ask, because anybody may connect.
package tcp

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"watertight/server/udp"
)

const (
	// idle covers the wait for a message, its arrival and the answer: RFC 7766
	// §6.2.3 asks for seconds, and a slow sender must not hold a connection.
	idle = 10 * time.Second
	// maxConns at about 10 kB each; a check needs TCP for one probe and one path.
	maxConns = 1024
	// maxPerPeer: big resolvers share one address, floods do too.
	maxPerPeer = 64
	// maxMessages of one connection; after that the peer may connect again.
	maxMessages = 1000
	// acceptPause when accepting fails, as it does without file descriptors.
	acceptPause = 50 * time.Millisecond
)

// Protocol is what is spoken on the connections.
type Protocol struct {
	// Read reads one message, into buf if it fits.
	Read func(r io.Reader, buf []byte) ([]byte, error)
	// Answer appends the framed answer to dst; nothing ends the connection. It must
	// not keep message.
	Answer func(dst, message []byte, from netip.AddrPort) []byte
}

// Server is a listener being served.
type Server struct {
	listener net.Listener
	protocol Protocol
	broken   func(where string)

	wait  sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]netip.Addr
	peers map[netip.Addr]int
	done  bool
}

// Listen serves until Close. broken is told where the protocol panicked.
func Listen(addr netip.AddrPort, p Protocol, broken func(where string)) (*Server, error) {
	l, err := net.ListenTCP(udp.Network("tcp", addr.Addr()), net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{
		listener: l, protocol: p, broken: broken,
		conns: make(map[net.Conn]netip.Addr), peers: make(map[netip.Addr]int),
	}
	s.wait.Go(s.accept)
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() netip.AddrPort { return s.listener.Addr().(*net.TCPAddr).AddrPort() }

// Close takes no more queries, lets answers that are on their way finish, and
// waits.
func (s *Server) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.done = true
	for c := range s.conns {
		_ = c.SetReadDeadline(time.Unix(1, 0))
	}
	s.mu.Unlock()
	s.wait.Wait()
	return err
}

func (s *Server) accept() {
	for {
		c, err := s.listener.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(acceptPause)
		case !s.enter(c):
			_ = c.Close()
		default:
			s.wait.Go(func() {
				defer s.leave(c)
				s.serve(c)
			})
		}
	}
}

func (s *Server) enter(c net.Conn) bool {
	peer := peerOf(c).Addr()
	if peer.Is6() { // one customer, one /64
		if p, err := peer.Prefix(64); err == nil {
			peer = p.Addr()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done || len(s.conns) >= maxConns || s.peers[peer] >= maxPerPeer {
		return false
	}
	s.conns[c] = peer
	s.peers[peer]++
	return true
}

func (s *Server) leave(c net.Conn) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	peer := s.conns[c]
	delete(s.conns, c)
	if s.peers[peer]--; s.peers[peer] <= 0 {
		delete(s.peers, peer)
	}
}

// deadline gives the next query its time, unless Close has already taken it.
func (s *Server) deadline(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.done && c.SetDeadline(time.Now().Add(idle)) == nil
}

func (s *Server) serve(c net.Conn) {
	defer func() {
		if r := recover(); r != nil {
			s.broken(udp.PanicPlace())
		}
	}()
	from := peerOf(c)
	var in, out []byte
	for range maxMessages {
		if !s.deadline(c) {
			return
		}
		var err error
		if in, err = s.protocol.Read(c, in[:0]); err != nil {
			return
		}
		if out = s.protocol.Answer(out[:0], in, from); len(out) == 0 {
			return
		}
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
