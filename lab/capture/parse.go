// Package capture reads DNS queries off the wire: the truth that the
// companion's sightings are compared with, taken without the companion.
package capture

import (
	"encoding/binary"
	"net/netip"

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
	streams map[flow][]byte
}

const (
	protoTCP = 6
	protoUDP = 17
	dnsPort  = 53
)

// Packet takes one IP packet, and keeps it if it is a query.
func (p *Parser) Packet(b []byte) {
	source, proto, payload := network(b)
	if len(payload) < 8 || binary.BigEndian.Uint16(payload[2:]) != dnsPort {
		return
	}
	switch proto {
	case protoUDP:
		p.query(source, "udp", payload[8:])
	case protoTCP:
		if len(payload) < 20 || int(payload[12]>>4)*4 > len(payload) {
			return
		}
		p.segment(flow{source, binary.BigEndian.Uint16(payload)}, payload[int(payload[12]>>4)*4:])
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

// segment adds to a stream and takes whole messages off it (RFC 7766 §8).
func (p *Parser) segment(f flow, data []byte) {
	if p.streams == nil {
		p.streams = map[flow][]byte{}
	}
	stream := append(p.streams[f], data...)
	for len(stream) >= 2 {
		end := 2 + int(binary.BigEndian.Uint16(stream))
		if len(stream) < end {
			break
		}
		p.query(f.source, "tcp", stream[2:end])
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
