// Package udp runs packet handlers on UDP sockets, on Linux in batches. A loop
// ends only when its socket is closed: neither an error of the network nor a panic
// of a handler costs more than one packet.
package udp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"watertight/server/panics"
	"watertight/server/wash"
)

// Handler appends the reply to dst and returns it; nil or empty means silence.
// It must not keep packet, which is empty when it was too large to be read. now is when that was read: the clock is asked once for a
// batch of packets, since asking it for each, by everyone who needs it, cost a
// fortieth of all time.
type Handler func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte

const (
	// maxPacket is far above any sensible query (RFC 9715: 1,400 bytes); of what fills
	// the buffer, and was cut off by the kernel, nothing is read. The handler knows that
	// something came: it has left traces in memory.
	maxPacket = 4096

	// readers per socket: answering is cheap, so more would only wait for a core.
	maxReaders = 4

	// pause after an error that repeats, so that a broken interface burns no core.
	pause = 5 * time.Millisecond
)

// Server is a socket being served.
type Server struct {
	conn    *net.UDPConn
	handle  Handler
	sources bool
	broken  func(where string)
	wait    sync.WaitGroup
	clean   atomic.Int32 // readers that have forgotten since Forget was called
	turn    atomic.Int32 // how often it was
	readers int32
}

// Listen opens a socket on one family (or both, when the host is empty) and
// serves it until Close. broken is told where a handler panicked: the place in
// the program, never the packet.
func Listen(addr netip.AddrPort, handle Handler, broken func(where string)) (*Server, error) {
	return listen(addr, handle, broken, (*Server).stepper)
}

func listen(addr netip.AddrPort, handle Handler, broken func(where string), stepper func(*Server) func() error) (*Server, error) {
	conn, err := net.ListenUDP(Network("udp", addr.Addr()), net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{conn: conn, handle: handle, broken: broken}
	if local := s.Addr().Addr(); local.IsUnspecified() {
		s.sources = askForDestination(conn, local)
	}
	neverFragment(conn)
	s.readers = int32(min(maxReaders, runtime.GOMAXPROCS(0)))
	for range s.readers {
		step := stepper(s)
		s.wait.Go(func() { s.loop(step) })
	}
	return s, nil
}

// Network picks "udp4" or "udp6" by the address, because Go's plain "udp" on
// 0.0.0.0 takes the IPv6 wildcard as well and then collides with [::].
func Network(base string, a netip.Addr) string {
	switch {
	case !a.IsValid():
		return base
	case a.Is4():
		return base + "4"
	default:
		return base + "6"
	}
}

// Addr is where the socket listens.
func (s *Server) Addr() netip.AddrPort {
	return s.conn.LocalAddr().(*net.UDPAddr).AddrPort()
}

// Close stops the loops and waits for them.
func (s *Server) Close() error {
	err := s.conn.Close()
	s.wait.Wait()
	return err
}

// loop repeats a step until the socket is closed.
func (s *Server) loop(step func() error) {
	wash.Stack()
	seen := int32(0) // turn of Forget
	for failures := 0; ; {
		err := step()
		switch {
		case err == nil:
			failures = 0
		case errors.Is(err, net.ErrClosed):
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			seen = s.washed(seen)
		default:
			if failures++; failures > 1 {
				time.Sleep(pause)
			}
		}
	}
}

// forgetTime is the longest that Forget keeps packets waiting.
const forgetTime = 20 * time.Millisecond

// Forget makes every reader wipe what it holds of past packets: buffers, and its stack.
// It wakes them by a deadline, so that the way of a packet costs nothing for it.
func (s *Server) Forget() {
	s.clean.Store(0)
	s.turn.Add(1)
	_ = s.conn.SetReadDeadline(time.Unix(1, 0))
	for end := time.Now().Add(forgetTime); s.clean.Load() < s.readers && time.Now().Before(end); {
		time.Sleep(100 * time.Microsecond)
	}
	_ = s.conn.SetReadDeadline(time.Time{})
}

// washed is called by each reader, perhaps more than once a turn.
func (s *Server) washed(seen int32) int32 {
	if turn := s.turn.Load(); turn != seen {
		wash.Stack()
		s.clean.Add(1)
		seen = turn
	}
	time.Sleep(time.Millisecond) // gives the others their turn
	return seen
}

// answer is the handler's, or silence if that panics. The peer has no zone: where
// an answer goes is told by the socket address that the packet came with.
func (s *Server) answer(dst, packet []byte, from netip.AddrPort, now time.Time) (reply []byte) {
	defer func() {
		if r := recover(); r != nil {
			reply = nil
			s.broken(panics.Place())
		}
	}()
	return s.handle(dst, packet, from, now)
}
