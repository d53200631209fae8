package authdns

import (
	"encoding/binary"

	"github.com/miekg/dns"
)

// Slip appends the answer to a query that is over its limit: the question with
// the truncation bit, and an empty OPT record if the query has one (RFC 6891
// §6.1.1: without, it says that we do not know EDNS). A resolver that is real
// comes back over TCP, where nobody can forge an address; for who forges one it is
// no gain, since it is never larger than the query. It costs next to no parsing,
// and is no sighting. (BIND's response rate limiting with "slip 1": dropping
// instead would let a forger keep a real resolver from its answers.)
func Slip(dst, packet []byte) []byte {
	const headerSize, qr, opcodeRD, tc = 12, 0x80, 0x79, 0x02
	if len(packet) < headerSize || packet[2]&qr != 0 || packet[4] != 0 || packet[5] != 1 {
		return nil
	}
	end, ok := questionEnd(packet)
	if !ok {
		return nil
	}
	opt, edns := findOPT(packet)
	additional := byte(0)
	if edns {
		additional = 1
	}
	dst = append(dst, packet[0], packet[1], packet[2]&opcodeRD|qr|tc, 0, 0, 1, 0, 0, 0, 0, 0, additional)
	dst = append(dst, packet[headerSize:end]...)
	if !edns {
		return dst
	}
	dst = append(dst, 0, 0, byte(dns.TypeOPT), udpSize>>8, udpSize&0xff, 0, 0)
	dst = binary.BigEndian.AppendUint16(dst, flagsOf(opt))
	return append(dst, 0, 0)
}

// questionEnd is where the first question ends. There is no name before it that its
// own could point to.
func questionEnd(packet []byte) (int, bool) {
	for at := 12; at < len(packet) && packet[at] <= 63; at += 1 + int(packet[at]) {
		if packet[at] == 0 {
			end := at + 1 + 4 // type and class
			return end, end <= len(packet)
		}
	}
	return 0, false
}
