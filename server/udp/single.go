package udp

import (
	"fmt"
	"net/netip"
	"time"
)

// single serves one packet at a time, with what Go has on every platform.
type single struct {
	s                *Server
	in, out, control []byte
}

func (s *Server) single() func() error {
	b := &single{s: s, in: make([]byte, maxPacket), out: make([]byte, 0, maxPacket)}
	if s.sources {
		b.control = make([]byte, controlSize)
	}
	return b.step
}

func (b *single) step() error {
	n, nc, _, from, err := b.s.conn.ReadMsgUDPAddrPort(b.in, b.control)
	if err != nil {
		clear(b.in)
		clear(b.out[:cap(b.out)])
		return fmt.Errorf("read packet: %w", err)
	}
	if n == len(b.in) { // cut off by the kernel, or as good as
		n = 0
	}
	peer := netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
	reply := b.s.answer(b.out, b.in[:n], peer, time.Now())
	if len(reply) == 0 {
		return nil
	}
	var control []byte
	if b.s.sources {
		control = sourceOf(b.control[:nc])
	}
	// An answer that cannot be sent (no route, a forged source) concerns that one
	// peer: were it an error of the loop, strangers could slow the loop down.
	_, _, _ = b.s.conn.WriteMsgUDPAddrPort(reply, control, from)
	return nil
}
