// Package stund answers STUN Binding requests (RFC 8489): it tells a client the
// address that its packet came from, and nothing else. It is a pure function
// from packet to packet; the sockets are elsewhere (package udp), because the
// same answers are given on the STUN port and on the DNS port.
//
// Parsing is done here, in place and without allocation, since this sees every
// packet that the Internet throws at port 53; pion/stun lends its constants and
// is the independent client of the tests.
package stund

import (
	"encoding/binary"
	"net/netip"
	"slices"

	"github.com/pion/stun/v3"
)

const (
	headerSize = 20
	attrHeader = 4
	// cookieAt is where RFC 8489 §5 puts the magic cookie.
	cookieAt    = 4
	magicCookie = 0x2112A442
)

// Is reports whether a packet is STUN rather than DNS (RFC 7983 §7: the first
// two bits are zero; RFC 8489 §5: the magic cookie). In DNS the cookie's place
// holds the counts of questions and answers: 8,466 questions is no query.
func Is(packet []byte) bool {
	return len(packet) >= headerSize && packet[0] < 0x40 &&
		binary.BigEndian.Uint32(packet[cookieAt:]) == magicCookie
}

// understood are the comprehension-required attributes of RFC 8489 itself. A
// server that asks for no credentials need not check any (RFC 8489 §6.3).
var understood = []stun.AttrType{
	stun.AttrMappedAddress, stun.AttrUsername, stun.AttrMessageIntegrity, stun.AttrErrorCode,
	stun.AttrUnknownAttributes, stun.AttrRealm, stun.AttrNonce, stun.AttrMessageIntegritySHA256,
	stun.AttrPasswordAlgorithm, stun.AttrUserhash, stun.AttrXORMappedAddress,
}

// maxUnknown bounds what a 420 repeats, so that no answer is much larger than
// its request.
const maxUnknown = 16

// request is what a valid Binding request says.
type request struct {
	id          []byte // magic cookie and transaction id: the answer repeats both
	fingerprint bool
	unknown     [maxUnknown]stun.AttrType
	nUnknown    int
}

// Answer appends the reply to dst and returns it; nil means silence. Everything
// that is not a well-formed Binding request is met with silence: indications
// and responses want no answer, and an error to garbage would only serve those
// who spoof addresses (RFC 8489 §6.3).
func Answer(dst, packet []byte, from netip.AddrPort) []byte {
	var r request
	if !r.parse(packet) || !from.IsValid() || from.Port() == 0 {
		return nil
	}
	if r.nUnknown > 0 {
		return r.refuse(dst)
	}
	return r.succeed(dst, from)
}

func (r *request) parse(p []byte) bool {
	if !Is(p) || stun.BindingRequest.Value() != binary.BigEndian.Uint16(p) {
		return false
	}
	// RFC 8489 §5: the length counts all but the header, in words, and a UDP
	// packet holds one message and nothing else.
	if int(binary.BigEndian.Uint16(p[2:])) != len(p)-headerSize || len(p)%4 != 0 {
		return false
	}
	r.id = p[cookieAt:headerSize]
	sealed := false // by MESSAGE-INTEGRITY: what follows is ignored (§14.5)
	for at := headerSize; at < len(p); {
		if len(p)-at < attrHeader {
			return false
		}
		kind := stun.AttrType(binary.BigEndian.Uint16(p[at:]))
		size := int(binary.BigEndian.Uint16(p[at+2:]))
		end := at + attrHeader + (size+3)&^3
		if end > len(p) {
			return false
		}
		switch {
		case kind == stun.AttrFingerprint:
			// §14.7: the last attribute, over everything before it.
			if size != 4 || end != len(p) ||
				binary.BigEndian.Uint32(p[at+attrHeader:]) != stun.FingerprintValue(p[:at]) {
				return false
			}
			r.fingerprint = true
		case sealed:
		case kind == stun.AttrMessageIntegrity || kind == stun.AttrMessageIntegritySHA256:
			sealed = true
		case kind < 0x8000 && !slices.Contains(understood, kind):
			r.addUnknown(kind)
		}
		at = end
	}
	return true
}

func (r *request) addUnknown(kind stun.AttrType) {
	if r.nUnknown < len(r.unknown) && !slices.Contains(r.unknown[:r.nUnknown], kind) {
		r.unknown[r.nUnknown] = kind
		r.nUnknown++
	}
}
