package authdns

import (
	"encoding/binary"

	"github.com/miekg/dns"
)

// Bits of the OPT record's flags that come back (RFC 3225 §3, RFC 9824 §5.1).
const flagDO, flagCO = 0x8000, 0x4000

// findOPT is the OPT record of a message, from its type to the length of its options. It
// needs nothing to be right but what stands before: who has sent a record that is
// malformed, or two of them, speaks EDNS all the same.
func findOPT(packet []byte) (opt []byte, ok bool) {
	const headerSize, fixed = 12, 10
	if len(packet) < headerSize {
		return nil, false
	}
	count := func(at int) int { return int(binary.BigEndian.Uint16(packet[at:])) }
	at := headerSize
	for range count(4) {
		if at, ok = nameEnd(packet, at); !ok {
			return nil, false
		}
		at += 4 // type and class
	}
	before := count(6) + count(8)
	for i := range before + count(10) {
		if at, ok = nameEnd(packet, at); !ok || at+fixed > len(packet) {
			return nil, false
		}
		if i >= before && binary.BigEndian.Uint16(packet[at:]) == dns.TypeOPT {
			return packet[at : at+fixed], true
		}
		at += fixed + count(at+8)
	}
	return nil, false
}

// nameEnd is where a name ends (RFC 1035 §4.1.4), wherever its pointer leads.
func nameEnd(packet []byte, at int) (end int, ok bool) {
	for at < len(packet) {
		switch size := int(packet[at]); {
		case size == 0:
			return at + 1, true
		case size >= 0xc0:
			return at + 2, true
		case size > 63:
			return 0, false
		default:
			at += 1 + size
		}
	}
	return 0, false
}

// flagsOf an OPT record as findOPT gives it, of which nothing else comes back.
func flagsOf(opt []byte) uint16 { return binary.BigEndian.Uint16(opt[6:]) & (flagDO | flagCO) }
