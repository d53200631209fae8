package cookie

import (
	"encoding/binary"
	"math/bits"
)

// sipHash is SipHash-2-4 (Aumasson and Bernstein, 2012), which RFC 9018 §4.4
// prescribes: a keyed hash for short messages.
func sipHash(key *[16]byte, m []byte) uint64 {
	k0, k1 := binary.LittleEndian.Uint64(key[:]), binary.LittleEndian.Uint64(key[8:])
	// "somepseudorandomlygeneratedbytes"
	a, b, c, d := k0^0x736f6d6570736575, k1^0x646f72616e646f6d, k0^0x6c7967656e657261, k1^0x7465646279746573
	last := uint64(len(m)) << 56
	for ; len(m) >= 8; m = m[8:] {
		word := binary.LittleEndian.Uint64(m)
		d ^= word
		a, b, c, d = round(round(a, b, c, d))
		a ^= word
	}
	for i, octet := range m {
		last |= uint64(octet) << (8 * i)
	}
	d ^= last
	a, b, c, d = round(round(a, b, c, d))
	a ^= last
	c ^= 0xff
	a, b, c, d = round(round(a, b, c, d))
	a, b, c, d = round(round(a, b, c, d))
	return a ^ b ^ c ^ d
}

// round has its state in registers: as a structure it would go through memory.
func round(a, b, c, d uint64) (uint64, uint64, uint64, uint64) {
	a += b
	b = bits.RotateLeft64(b, 13) ^ a
	a = bits.RotateLeft64(a, 32)
	c += d
	d = bits.RotateLeft64(d, 16) ^ c
	a += d
	d = bits.RotateLeft64(d, 21) ^ a
	c += b
	b = bits.RotateLeft64(b, 17) ^ c
	c = bits.RotateLeft64(c, 32)
	return a, b, c, d
}
