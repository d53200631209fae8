// Package capture reads DNS queries and STUN requests off the wire: the truth
// that the companion's sightings, and what a page may learn, are compared with,
// taken without the companion.
package capture

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"github.com/miekg/dns"
)

// Query is one query as it came.
type Query struct {
	Source    netip.Addr
	Transport string // udp, tcp
	Message   *dns.Msg
}

// flow is one direction of a TCP connection.
type flow struct {
	source netip.Addr
	port   uint16
}

// Parser collects queries from packets in the order of the wire. Segments that
// are lost or out of order would confuse it; in the lab there are none.
type Parser struct {
	Queries []Query
	STUN    []STUN
	streams map[flow][]byte
}

const (
	protoTCP = 6
	protoUDP = 17
	// enough of a stream to tell the two apart; neither has a shorter message.
	enough = 8
)

// Packet takes one IP packet and when it came, and keeps it if it is a query or
// a STUN request.
func (p *Parser) Packet(b []byte, at time.Time) {
	source, proto, payload := network(b)
	if len(payload) < 8 || !slices.Contains(stunPorts, binary.BigEndian.Uint16(payload[2:])) {
		return
	}
	switch proto {
	case protoUDP:
		p.message(source, "udp", payload[8:], at)
	case protoTCP:
		if len(payload) < 20 || int(payload[12]>>4)*4 > len(payload) {
			return
		}
		p.segment(flow{source, binary.BigEndian.Uint16(payload)}, payload[int(payload[12]>>4)*4:], at)
	}
}

// network takes the header off (RFC 791 §3.1, RFC 8200 §3). Extension headers
// and fragments do not occur with questions of this size.
func network(b []byte) (source netip.Addr, proto byte, payload []byte) {
	switch {
	case len(b) >= 20 && b[0]>>4 == 4:
		header, total := int(b[0]&15)*4, int(binary.BigEndian.Uint16(b[2:]))
		if header < 20 || total < header || total > len(b) {
			return
		}
		return netip.AddrFrom4([4]byte(b[12:16])), b[9], b[header:total]
	case len(b) >= 40 && b[0]>>4 == 6:
		total := 40 + int(binary.BigEndian.Uint16(b[4:]))
		if total > len(b) {
			return
		}
		return netip.AddrFrom16([16]byte(b[8:24])), b[6], b[40:total]
	}
	return
}

// message is one that came whole.
func (p *Parser) message(source netip.Addr, transport string, b []byte, at time.Time) {
	if isSTUN(b) {
		p.stun(source, transport, b, at)
		return
	}
	p.query(source, transport, b)
}

// segment adds to a stream and takes whole messages off it (RFC 7766 §8, RFC
// 8489 §6.2.2).
func (p *Parser) segment(f flow, data []byte, at time.Time) {
	if p.streams == nil {
		p.streams = map[flow][]byte{}
	}
	stream := append(p.streams[f], data...)
	for len(stream) >= enough {
		start, end := 2, 2+int(binary.BigEndian.Uint16(stream))
		if binary.BigEndian.Uint32(stream[4:]) == cookie {
			start, end = 0, stunHeader+int(binary.BigEndian.Uint16(stream[2:]))
		}
		if len(stream) < end {
			break
		}
		p.message(f.source, "tcp", stream[start:end], at)
		stream = stream[end:]
	}
	p.streams[f] = stream
}

func (p *Parser) query(source netip.Addr, transport string, b []byte) {
	m := new(dns.Msg)
	if err := m.Unpack(b); err != nil || m.Response || len(m.Question) != 1 {
		return
	}
	p.Queries = append(p.Queries, Query{source, transport, m})
}
