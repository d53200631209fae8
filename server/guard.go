package main

import (
	"net/netip"
	"time"

	"watertight/server/authdns"
	"watertight/server/limit"
	"watertight/server/stund"
	"watertight/server/tcp"
	"watertight/server/udp"
)

// burst is so many seconds of the rate at once: checks come in crowds.
const burst = 2

// guard limits answers over UDP for each prefix of sources, since these can be
// forged and the one who gets the answers then did not ask. DNS and STUN count
// apart, so that neither can be used to silence the other. Who comes over TCP, or with
// a cookie of ours, has not forged anything, and still must not fill the table with
// made-up tokens: that is known, and counts apart as well, because a forged flood must
// not keep those out who come by TCP, as they were told to.
type guard struct {
	names, bindings *limit.Prefixes
	known           *limit.Prefixes
	counts          *counts
	start           time.Time // of the limits' clock
}

// stunHandler does not ask what time it is.
type stunHandler func(dst, packet []byte, from netip.AddrPort) []byte

func newGuard(perSecond uint, n *counts) guard {
	r := limit.Rate{PerSecond: float64(perSecond), Burst: burst * float64(perSecond)}
	start := time.Now()
	c := limit.Since(start)
	return guard{limit.NewPrefixes(r, c), limit.NewPrefixes(r, c), limit.NewPrefixes(r, c), n, start}
}

// dns tells those over the limit to come by TCP, unless a cookie proves that their
// address is not forged: that is as good as TCP, and counts as such.
func (g guard) dns(h udp.Handler, proven func(packet []byte, from netip.Addr) bool) udp.Handler {
	return func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		at := now.Sub(g.start)
		if !g.names.AllowAt(from.Addr(), at) && !(proven(packet, from.Addr()) && g.known.AllowAt(from.Addr(), at)) {
			g.counts.slips.Add()
			return authdns.Slip(dst, packet)
		}
		return h(dst, packet, from, now)
	}
}

// stun says nothing to those over the limit: STUN knows no smaller answer.
func (g guard) stun(h stunHandler) udp.Handler {
	return func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		if !g.bindings.AllowAt(from.Addr(), now.Sub(g.start)) {
			g.counts.silent.Add()
			return nil
		}
		return h(dst, packet, from)
	}
}

// stream ends the connection of those over the limit: whoever is real can come again.
func (g guard) stream(p tcp.Protocol) tcp.Protocol {
	answer := p.Answer
	p.Answer = func(dst, message []byte, from netip.AddrPort) []byte {
		if !g.known.Allow(from.Addr()) {
			g.counts.ended.Add()
			return nil
		}
		return answer(dst, message, from)
	}
	return p
}

// limits are all of them.
func (g guard) limits() []*limit.Prefixes { return []*limit.Prefixes{g.names, g.bindings, g.known} }

// split serves STUN and DNS on one socket.
func split(stun, dns udp.Handler) udp.Handler {
	return func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		if stund.Is(packet) {
			return stun(dst, packet, from, now)
		}
		return dns(dst, packet, from, now)
	}
}
