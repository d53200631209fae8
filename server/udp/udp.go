// Package udp runs packet handlers on UDP sockets. A loop ends only when its
// socket is closed: neither an error of the network nor a panic of a handler
// costs more than one packet.
package udp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"time"
)

// Handler appends the reply to dst and returns it; nil or empty means silence.
// It must not keep packet.
type Handler func(dst, packet []byte, from netip.AddrPort) []byte

const (
	// maxPacket is far above any sensible query (RFC 9715: 1,400 bytes); what fills
	// the buffer was cut off by the kernel and is dropped.
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
}

// Listen opens a socket on one family (or both, when the host is empty) and
// serves it until Close. broken is told where a handler panicked: the place in
// the program, never the packet.
func Listen(addr netip.AddrPort, handle Handler, broken func(where string)) (*Server, error) {
	conn, err := net.ListenUDP(Network("udp", addr.Addr()), net.UDPAddrFromAddrPort(addr))
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{conn: conn, handle: handle, broken: broken}
	if local := s.Addr().Addr(); local.IsUnspecified() {
		s.sources = askForDestination(conn, local)
	}
	for range min(maxReaders, runtime.GOMAXPROCS(0)) {
		s.wait.Go(s.loop)
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

func (s *Server) loop() {
	b := buffers{in: make([]byte, maxPacket), out: make([]byte, 0, maxPacket), control: make([]byte, controlSize)}
	for failures := 0; ; {
		err := s.one(&b)
		switch {
		case err == nil:
			failures = 0
		case errors.Is(err, net.ErrClosed):
			return
		default:
			if failures++; failures > 1 {
				time.Sleep(pause)
			}
		}
	}
}

type buffers struct{ in, out, control []byte }

// one serves one packet.
func (s *Server) one(b *buffers) (err error) {
	defer func() {
		if r := recover(); r != nil {
			s.broken(PanicPlace())
		}
	}()
	n, nc, _, from, err := s.conn.ReadMsgUDPAddrPort(b.in, b.control[:s.controlLen()])
	if err != nil {
		return fmt.Errorf("read packet: %w", err)
	}
	if n == len(b.in) {
		return nil
	}
	peer := netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	reply := s.handle(b.out[:0], b.in[:n], peer)
	if len(reply) == 0 {
		return nil
	}
	var control []byte
	if s.sources {
		control = sourceOf(b.control[:nc])
	}
	// An answer that cannot be sent (no route, a forged source) concerns that one
	// peer: were it an error of the loop, strangers could slow the loop down.
	_, _, _ = s.conn.WriteMsgUDPAddrPort(reply, control, from)
	return nil
}

func (s *Server) controlLen() int {
	if s.sources {
		return controlSize
	}
	return 0
}

// PanicPlace names, inside a deferred recover, the function that panicked.
func PanicPlace() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	seen := false
	for {
		f, more := frames.Next()
		if seen && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		seen = seen || f.Function == "runtime.gopanic"
		if !more {
			return "unknown place"
		}
	}
}
