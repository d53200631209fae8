package authdns

import (
	"bytes"
	"encoding/binary"

	"github.com/miekg/dns"
)

// unpack reads a query; on an error it gives what it could read.
func unpack(packet []byte) (*dns.Msg, error) {
	q := new(dns.Msg)
	err := q.Unpack(packet)
	if err != nil {
		if soft := new(dns.Msg); soft.Unpack(soften(packet)) == nil {
			return soft, nil
		}
	}
	return q, err //nolint:wrapcheck // it only matters that there is one
}

// soften returns the query with the options that are nothing to us made such as
// nobody knows. The library reads the options that it knows, and takes one that it
// finds malformed for an error of the whole; a server has to ignore what it does
// not use (RFC 6891 §6.1.2), such as an empty ZONEVERSION (RFC 9660 §3.1).
func soften(packet []byte) []byte {
	at, ok := optAt(packet)
	if !ok {
		return packet
	}
	packet = bytes.Clone(packet)
	const size = 2
	for p := packet[at:]; len(p) >= 2*size; {
		code, end := binary.BigEndian.Uint16(p), 2*size+int(binary.BigEndian.Uint16(p[size:]))
		if end > len(p) {
			break
		}
		if code != dns.EDNS0COOKIE && code != dns.EDNS0SUBNET {
			binary.BigEndian.PutUint16(p, dns.EDNS0LOCALEND)
		}
		p = p[end:]
	}
	return packet
}

// optAt is where the options start in a query of one question and an OPT record
// and nothing else.
func optAt(packet []byte) (int, bool) {
	const counts = 0x0001_0000_0000_0001
	if len(packet) < 12 || binary.BigEndian.Uint64(packet[4:]) != counts {
		return 0, false
	}
	end, ok := questionEnd(packet)
	if !ok || len(packet) < end+11 || packet[end] != 0 || binary.BigEndian.Uint16(packet[end+1:]) != dns.TypeOPT {
		return 0, false
	}
	return end + 11, true
}
