package main

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"time"

	"watertight/server/authdns"
	"watertight/server/sightings"
	"watertight/server/stund"
	"watertight/server/tcp"
	"watertight/server/turnd"
	"watertight/server/udp"
)

// portTries where UDP and TCP must get the same free port.
const portTries = 20

// listen opens everything but HTTP.
func (s *server) listen(zone *authdns.Handler, paths *turnd.Handler, broken func(string)) error {
	n := s.counts
	g := newGuard(s.config.rate, n)
	s.guard = g
	answer := func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		provoke(packet)
		return zone.AnswerAt(dst, packet, from, sightings.UDP, now)
	}
	allocate := func(dst, packet []byte, from netip.AddrPort) []byte {
		provoke(packet)
		return paths.Answer(dst, packet, from, sightings.UDP)
	}
	bind := n.stun.packets(g.stun(func(dst, packet []byte, from netip.AddrPort) []byte {
		provoke(packet)
		return stund.Answer(dst, packet, from)
	}))
	both := split(bind, n.dns[sightings.UDP].packets(g.dns(answer, zone.Proven)))
	var err error
	names, turns := s.streams(zone, paths)
	if s.dns, err = s.listenBoth(s.config.dns, both, names, broken); err != nil {
		return fmt.Errorf("flag -dns: %w", err)
	}
	if s.stun, err = s.listenUDP(s.config.stun, bind, broken); err != nil {
		return fmt.Errorf("flag -stun: %w", err)
	}
	if s.turn, err = s.listenBoth(s.config.turn, n.turn[sightings.UDP].packets(g.stun(allocate)), turns, broken); err != nil {
		return fmt.Errorf("flag -turn: %w", err)
	}
	return nil
}

// streams are what is spoken over TCP.
func (s *server) streams(zone *authdns.Handler, paths *turnd.Handler) (names, turns tcp.Protocol) {
	n := s.counts
	with := func(p tcp.Protocol) tcp.Protocol {
		p.Came = n.stirs.Add
		return s.guard.stream(provoked(p))
	}
	return n.dns[sightings.TCP].messages(with(zone.Stream())), n.turn[sightings.TCP].messages(with(paths.Stream()))
}

func provoked(p tcp.Protocol) tcp.Protocol {
	answer := p.Answer
	p.Answer = func(dst, message []byte, from netip.AddrPort) []byte {
		provoke(message)
		return answer(dst, message, from)
	}
	return p
}

func (s *server) listenUDP(list listeners, h udp.Handler, broken func(string)) (bound []netip.AddrPort, err error) {
	for _, l := range list {
		u, err := udp.Listen(l.AddrPort, h, broken)
		if l.missing(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.text(), err)
		}
		s.closers = append(s.closers, u)
		bound = append(bound, u.Addr())
	}
	return bound, nil
}

// listenBoth opens UDP and TCP on the same ports.
func (s *server) listenBoth(list listeners, h udp.Handler, p tcp.Protocol, broken func(string)) (bound []netip.AddrPort, err error) {
	for _, l := range list {
		at, err := s.listenPair(l, h, p, broken)
		if l.missing(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.text(), err)
		}
		bound = append(bound, at)
	}
	return bound, nil
}

func (s *server) listenPair(l listener, h udp.Handler, p tcp.Protocol, broken func(string)) (netip.AddrPort, error) {
	for try := 1; ; try++ {
		u, err := udp.Listen(l.AddrPort, h, broken)
		if err != nil {
			return netip.AddrPort{}, err //nolint:wrapcheck // the caller names flag and address
		}
		t, err := tcp.Listen(netip.AddrPortFrom(l.Addr(), u.Addr().Port()), p, broken)
		if err == nil {
			s.closers = append(s.closers, u, t)
			return u.Addr(), nil
		}
		_ = u.Close()
		if l.Port() != 0 || try == portTries {
			return netip.AddrPort{}, err //nolint:wrapcheck // as above
		}
	}
}

// missing: a default of a family that this host does not have.
func (l listener) missing(err error) bool {
	return l.optional && (errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT))
}
