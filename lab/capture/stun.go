package capture

import (
	"encoding/binary"
	"net/netip"
	"time"
)

// STUN is one STUN request as it came, TURN's among them: what a WebRTC page
// makes a browser send.
type STUN struct {
	Source    netip.Addr
	Transport string // udp, tcp
	Method    string // binding, allocate, other
	Time      time.Time
}

// Where servers for STUN and TURN listen in the lab: the companion's, and on its
// DNS socket as well.
var stunPorts = []uint16{53, 3478, 3479}

const (
	stunHeader = 20
	cookie     = 0x2112a442 // RFC 8489 §5
)

// isSTUN tells a STUN request from DNS and all else (RFC 7983 §7, RFC 8489 §5).
func isSTUN(b []byte) bool {
	return len(b) >= stunHeader && b[0]>>6 == 0 && binary.BigEndian.Uint32(b[4:]) == cookie && class(b) == 0
}

// class is 0 for requests; indications, successes and errors are the others.
func class(b []byte) uint16 {
	t := binary.BigEndian.Uint16(b)
	return t>>7&2 | t>>4&1
}

func (p *Parser) stun(source netip.Addr, transport string, b []byte, at time.Time) {
	method := "other"
	switch binary.BigEndian.Uint16(b) {
	case 0x0001:
		method = "binding"
	case 0x0003:
		method = "allocate"
	}
	p.STUN = append(p.STUN, STUN{source, transport, method, at})
}
