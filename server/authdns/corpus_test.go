package authdns

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"

	"github.com/miekg/dns"
)

// corpus makes queries that are well-formed, odd and broken, always the same ones.
type corpus struct {
	*rand.Rand
	cookie []byte // a valid one
}

func newCorpus(seed uint64, cookie []byte) corpus {
	return corpus{rand.New(rand.NewPCG(seed, 7)), cookie}
}

func pickOne[T any](c corpus, from ...T) T { return from[c.IntN(len(from))] }

func (c corpus) often() bool  { return c.IntN(4) != 0 }
func (c corpus) rarely() bool { return c.IntN(16) == 0 }

// name is in presentation format, without the zone sometimes.
func (c corpus) name(zone string) string {
	token := tok
	if c.rarely() {
		token = pickOne(c, tok[1:], tok+"a", strings.Replace(tok, "a", "1", 1), strings.Replace(tok, "b", "_", 1))
	}
	vector := pickOne(c, "f0", "f00", "f", "s12", "p0", "r1", "x0", "x99", "t0", "v0", "f000", "q1", "_", "*", `a\.b`, `\000`, `\200x`, "F0")
	if c.often() {
		vector = pickOne(c, "f0", "s1", "x0", "t0")
	}
	name := pickOne(c,
		vector+"."+token+"."+zone, vector+"."+token+"."+zone, token+"."+zone, "_."+token+"."+zone, "a."+vector+"."+token+"."+zone,
		zone, "ns1."+zone, "ns2."+zone, "ns3."+zone, "stun."+zone, "ip4."+zone, "ip6."+zone, "ns6."+zone, "v6."+zone, "sig."+zone,
		"a.ns1."+zone, "ns1.ns1."+zone, "dns."+zone, "a.dns."+zone, "www."+zone, "x.v6."+zone, vector+"."+token+".v6."+zone, token+".v6."+zone, "a."+vector+"."+token+".v6."+zone, "ns1.v6."+zone, "v6.v6."+zone, "v6."+token+"."+zone,
		"valid.sig."+zone, "broken.sig."+zone, "b.sig."+zone, zone+zone, vector+"."+zone+zone,
		"test.", ".", "x"+zone, "example.com.", "ns1.example.com.", strings.Repeat("a.", c.IntN(130))+zone, strings.Repeat("a", 1+c.IntN(63))+"."+zone,
	)
	if c.IntN(3) == 0 { // draft-vixie-dnsext-dns0x20
		b := []byte(name)
		for i := range b {
			if b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' && c.IntN(2) == 0 {
				b[i] ^= 0x20
			}
		}
		name = string(b)
	}
	return name
}

func (c corpus) option() []byte {
	code, value := pickOne[uint16](c, 3, 8, 8, 8, 10, 10, 10, 12, 15, 11, uint16(c.IntN(20)), uint16(c.Uint32())), make([]byte, c.IntN(42))
	for i := range value {
		value[i] = byte(c.Uint32())
	}
	switch {
	case code == 10 && c.often():
		value = make([]byte, pickOne(c, 8, 16, 24, 40))
		copy(value, "12345678\x01")
	case code == 10 && c.often():
		value = c.cookie
	case code == 8 && c.often():
		bits := pickOne(c, 24, 32, 56, 128, 0, 1, 22, 33, 129, c.IntN(256))
		size := min((bits+7)/8, len(value))
		if c.rarely() {
			size = c.IntN(len(value) + 1)
		}
		value = append([]byte{0, pickOne[byte](c, 1, 2, 2, 0, 3), byte(bits), pickOne[byte](c, 0, 0, 0, 24, 200)}, value[:size]...)
	}
	b := binary.BigEndian.AppendUint16(nil, code)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...)
}

func (c corpus) opt() []byte {
	b := []byte{0, 0, 41}
	b = binary.BigEndian.AppendUint16(b, pickOne[uint16](c, 512, 1232, 1232, 4096, 0, 100, 600, 65535))
	version := byte(0)
	if c.rarely() {
		version = byte(1 + c.IntN(255))
	}
	b = append(b, pickOne[byte](c, 0, 0, 0, 7), version)
	b = binary.BigEndian.AppendUint16(b, pickOne[uint16](c, 0, 0x8000, 0xc000, 0x4000, uint16(c.Uint32())))
	var options []byte
	for range pickOne(c, 0, 0, 1, 1, 1, 2, 2, 3) {
		options = append(options, c.option()...)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(len(options)))
	return append(b, options...)
}

// packet is a whole query.
func (c corpus) packet(zone string) []byte {
	b := make([]byte, 12)
	binary.BigEndian.PutUint16(b, uint16(c.Uint32()))
	b[2] = pickOne[byte](c, 0, 1, 1, 1, 2, 4, 7)
	b[3] = pickOne[byte](c, 0, 0, 0x10, 0x20, 0x40, byte(c.Uint32()))
	b[5] = 1
	if c.rarely() {
		b[2] |= byte(c.IntN(16)) << 3
	}
	name := make([]byte, 600)
	end, err := dns.PackDomainName(c.name(zone), name, 0, nil, false)
	if err != nil {
		end = 1 // the root
	}
	b = append(b, name[:end]...)
	if c.rarely() { // a pointer, in the name or instead of it
		b = append(b[:len(b)-1], 0xc0, byte(c.IntN(24)))
	}
	typ := pickOne[uint16](c, 1, 28, 65, 2, 6, 16, 15, 43, 48, 255, 257, uint16(c.IntN(300)), uint16(c.Uint32()))
	b = binary.BigEndian.AppendUint16(b, typ)
	class := uint16(1)
	if c.rarely() {
		class = pickOne[uint16](c, 3, 255, 0, 254, uint16(c.Uint32()))
	}
	b = binary.BigEndian.AppendUint16(b, class)
	if c.often() {
		b = append(b, c.opt()...)
		b[11]++
	}
	return c.damage(b)
}

func (c corpus) damage(b []byte) []byte {
	if c.often() {
		return b
	}
	switch c.IntN(6) {
	case 0:
		return b[:12+c.IntN(len(b)-11)]
	case 1:
		return append(b, make([]byte, 1+c.IntN(20))...)
	case 2:
		b[4+c.IntN(8)] = byte(c.IntN(3))
	case 3:
		b[12+c.IntN(len(b)-12)] ^= 1 << c.IntN(8)
	case 4:
		b = append(b, c.opt()...)
		b[11]++
	case 5:
		b[c.IntN(len(b))] = byte(c.Uint32())
	}
	return b
}
