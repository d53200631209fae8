// Package tcp runs request-and-answer protocols on TCP sockets: one goroutine for
// each connection, and bounds on how many there are, how long they sit and how
// much they ask, because anybody may connect.
package tcp

import (
	"container/list"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"time"

	"watertight/server/limit"
	"watertight/server/panics"
	"watertight/server/udp"
	"watertight/server/wash"
)

const (
	// idle covers the wait for a message, its arrival and the answer: RFC 7766
	// §6.2.3 asks for seconds, and a slow sender must not hold a connection.
	idle = 10 * time.Second
	// maxConns at about 10 kB each; a check needs TCP for one probe and one path.
	maxConns = 8192
	// maxPerPeer: big resolvers share one address, floods do too. maxPerPrefix is of the
	// prefix around it (limit.Owners).
	maxPerPeer, maxPerPrefix = 64, 512
	// minIdle: who has asked nothing for so long makes room when all places are taken,
	// so that idle connections, which cost an attacker little, keep nobody out.
	minIdle = time.Second
	// maxMessages of one connection; after that the peer may connect again.
	maxMessages = 1000
	// lastWrite is how long an answer on its way may take when the server goes down: who does
	// not read must not keep it.
	lastWrite = 3 * time.Second
	// acceptPause when accepting fails, as it does without file descriptors.
	acceptPause = 50 * time.Millisecond
)

// Protocol is what is spoken on the connections.
type Protocol struct {
	// Came, if there is one, is told of every connection, before a word is said on it: also of
	// those that are too many.
	Came func()
	// Read reads one message, into buf if it fits. With an error too it returns what it
	// has read into; a buffer that it leaves for a larger one it wipes.
	Read func(r io.Reader, buf []byte) ([]byte, error)
	// Answer appends the framed answer to dst; nothing ends the connection. It must
	// not keep message.
	Answer func(dst, message []byte, from netip.AddrPort) []byte
}

// Server is a listener being served.
type Server struct {
	listener *net.TCPListener
	protocol Protocol
	broken   func(where string)

	wait  sync.WaitGroup
	mu    sync.Mutex
	conns map[net.Conn]*conn
	quiet list.List // of *conn, the longest quiet first
	peers map[netip.Prefix]int
	done  bool
}

// conn is a connection under way.
type conn struct {
	net.Conn
	owners [2]netip.Prefix // limit.Owners
	place  *list.Element
	since  time.Time // when it last got its time for a message
}

// Listen serves until Close. broken is told where the protocol panicked.
func Listen(addr netip.AddrPort, p Protocol, broken func(where string)) (*Server, error) {
	l, err := net.ListenTCP(udp.Network("tcp", addr.Addr()), net.TCPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{
		listener: l, protocol: p, broken: broken,
		conns: make(map[net.Conn]*conn), peers: make(map[netip.Prefix]int),
	}
	s.wait.Go(s.accept)
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() netip.AddrPort { return s.listener.Addr().(*net.TCPAddr).AddrPort() }

// Forget makes the one who waits for connections wipe the stack, where the last one's
// address is. Connections wipe theirs when they end.
func (s *Server) Forget() { ForgetListener(s.listener) }

// ForgetListener wakes whoever waits for connections, who has to know what that means.
func ForgetListener(l *net.TCPListener) {
	_ = l.SetDeadline(time.Unix(1, 0))
	time.Sleep(2 * time.Millisecond)
	_ = l.SetDeadline(time.Time{})
}

// Close takes no more queries, lets answers that are on their way finish for as long as
// lastWrite, and waits.
func (s *Server) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.done = true
	for c := range s.conns {
		_ = c.SetReadDeadline(time.Unix(1, 0))
		_ = c.SetWriteDeadline(time.Now().Add(lastWrite))
	}
	s.mu.Unlock()
	s.wait.Wait()
	return err
}

func (s *Server) accept() {
	wash.Stack()
	for {
		c, err := s.listener.Accept()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			wash.Stack()
			time.Sleep(time.Millisecond)
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil:
			time.Sleep(acceptPause)
		case !s.came(c):
			_ = c.Close()
		default:
			s.wait.Go(func() {
				s.serve(c)
				s.leave(c)
				wash.Below()
			})
		}
	}
}

func (s *Server) came(c net.Conn) bool {
	if s.protocol.Came != nil {
		s.protocol.Came()
	}
	return s.enter(c)
}

func (s *Server) enter(c net.Conn) bool {
	o := limit.Owners(peerOf(c).Addr())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done || s.peers[o[0]] >= maxPerPeer || s.peers[o[1]] >= maxPerPrefix || len(s.conns) >= maxConns && !s.makeRoom() {
		return false
	}
	one := &conn{Conn: c, owners: o, since: time.Now()}
	one.place = s.quiet.PushBack(one)
	s.conns[c] = one
	for _, p := range o {
		s.peers[p]++
	}
	return true
}

// makeRoom ends the connection that has been quiet for longest.
func (s *Server) makeRoom() bool {
	oldest := s.quiet.Front().Value.(*conn)
	if time.Since(oldest.since) < minIdle {
		return false
	}
	_ = oldest.Close()
	s.drop(oldest)
	return true
}

func (s *Server) leave(c net.Conn) {
	_ = c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if one := s.conns[c]; one != nil { // it may have made room
		s.drop(one)
	}
}

func (s *Server) drop(one *conn) {
	delete(s.conns, one.Conn)
	s.quiet.Remove(one.place)
	for _, p := range one.owners {
		if s.peers[p]--; s.peers[p] <= 0 {
			delete(s.peers, p)
		}
	}
}

// deadline gives the next query its time, unless Close has already taken it.
func (s *Server) deadline(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.conns[c]
	if s.done || one == nil {
		return false
	}
	one.since = time.Now()
	s.quiet.MoveToBack(one.place)
	return c.SetDeadline(one.since.Add(idle)) == nil
}

func (s *Server) serve(c net.Conn) {
	defer func() {
		if r := recover(); r != nil {
			s.broken(panics.Place())
		}
	}()
	var from netip.AddrPort
	var in, out []byte
	defer func() {
		clear(in[:cap(in)])
		clear(out[:cap(out)])
	}()
	for range maxMessages {
		if !s.deadline(c) {
			return
		}
		m, err := s.protocol.Read(c, in[:0])
		in = latest(in, m)
		if err != nil {
			return
		}
		if !from.IsValid() {
			wash.Deepen() // before there is anything on the smaller stacks that it has had
			from = peerOf(c)
		}
		reply := s.protocol.Answer(out[:0], in, from)
		out = latest(out, reply)
		if len(reply) == 0 {
			return
		}
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}

// latest is the buffer to go on with: the new one, if there is one, and what it takes the
// place of is wiped.
func latest(old, now []byte) []byte {
	if cap(now) == 0 {
		return old
	}
	if cap(old) > 0 && &old[:1][0] != &now[:1][0] {
		clear(old[:cap(old)])
	}
	return now
}

func peerOf(c net.Conn) netip.AddrPort {
	a, ok := c.RemoteAddr().(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	p := a.AddrPort()
	return netip.AddrPortFrom(p.Addr().Unmap().WithZone(""), p.Port())
}
