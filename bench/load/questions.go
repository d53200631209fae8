//go:build linux

package main

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
)

// questions appends the packet number i to b, all of one size, and knows a right answer.
type questions struct {
	ask   func(i int, b []byte) []byte
	right func(b []byte) bool
}

func asker(what, zone string) questions {
	if what == "stun" {
		return questions{binding, func(b []byte) bool {
			return len(b) >= 20 && binary.BigEndian.Uint16(b) == 0x0101 // Binding success (RFC 8489 §5)
		}}
	}
	p := newProbes(zone)
	return questions{p.ask, func(b []byte) bool { return len(b) > 12 && b[3]&0xf == 3 && b[9] == 1 }} // NXDOMAIN with SOA
}

func binding(_ int, b []byte) []byte {
	b = append(b, 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42)
	b = binary.BigEndian.AppendUint64(b, rand.Uint64())
	return binary.BigEndian.AppendUint32(b, rand.Uint32())
}

// probes are what a check makes resolvers ask: eight labels of one token, A and
// AAAA, with EDNS and a client's cookie; then the next token.
type probes struct {
	template []byte
	token    int // where it is
	digits   [26]byte
}

// opt has 1,232 octets, DO, and a cookie (RFC 7873).
const opt = "\x00\x00\x29\x04\xd0\x00\x00\x80\x00\x00\x0c\x00\x0a\x00\x08clientid"

func newProbes(zone string) *probes {
	p := &probes{template: []byte{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 2, 'f', '0', 26}}
	p.token = len(p.template)
	p.template = append(p.template, make([]byte, 26)...)
	for label := range strings.SplitSeq(zone, ".") {
		p.template = append(append(p.template, byte(len(label))), label...)
	}
	p.template = append(p.template, 0, 0, 1, 0, 1)
	p.template = append(p.template, opt...)
	return p
}

func (p *probes) ask(i int, b []byte) []byte {
	const perToken = 16
	if i%perToken == 0 {
		for j, bits := 0, rand.Uint64(); j < len(p.digits); j, bits = j+1, bits>>5 {
			if bits == 0 {
				bits = rand.Uint64()
			}
			p.digits[j] = "abcdefghijklmnopqrstuvwxyz234567"[bits&31]
		}
	}
	b = append(b, p.template...)
	q := b[len(b)-len(p.template):]
	binary.BigEndian.PutUint16(q, uint16(i))
	q[14] = byte('0' + i%perToken/2)
	copy(q[p.token:], p.digits[:])
	if i%2 == 1 {
		q[len(q)-len(opt)-3] = 28
	}
	return b
}
