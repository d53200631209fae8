package stund

import (
	"encoding/binary"
	"net/netip"

	"github.com/pion/stun/v3"
)

// header starts a message whose length is filled in by finish.
func (r *request) header(dst []byte, kind stun.MessageType) []byte {
	dst = binary.BigEndian.AppendUint16(dst, kind.Value())
	dst = append(dst, 0, 0)
	return append(dst, r.id...)
}

// finish sets the length, and signs like the request did: a client that uses
// FINGERPRINT to tell STUN from other traffic needs it in the answer as well.
func (r *request) finish(dst []byte, start int) []byte {
	m := dst[start:]
	size := len(m) - headerSize
	if r.fingerprint {
		size += attrHeader + 4 // §14.7: the length covers FINGERPRINT before it is computed
	}
	binary.BigEndian.PutUint16(m[2:], uint16(size))
	if r.fingerprint {
		sum := stun.FingerprintValue(m)
		dst = appendAttr(dst, stun.AttrFingerprint, 4)
		dst = binary.BigEndian.AppendUint32(dst, sum)
	}
	return dst
}

func appendAttr(dst []byte, kind stun.AttrType, size int) []byte {
	dst = binary.BigEndian.AppendUint16(dst, kind.Value())
	return binary.BigEndian.AppendUint16(dst, uint16(size))
}

// succeed answers with XOR-MAPPED-ADDRESS (§14.2). No SOFTWARE: it would help
// only an attacker, and makes the answer larger than it need be.
func (r *request) succeed(dst []byte, from netip.AddrPort) []byte {
	start := len(dst)
	dst = r.header(dst, stun.BindingSuccess)
	addr := from.Addr().Unmap()
	family, wide := byte(2), addr.As16()
	raw := wide[:]
	if addr.Is4() {
		family, raw = 1, raw[12:] // where an IPv4-mapped address has it (RFC 4291 §2.5.5.2)
	}
	dst = appendAttr(dst, stun.AttrXORMappedAddress, 4+len(raw))
	dst = append(dst, 0, family)
	dst = binary.BigEndian.AppendUint16(dst, from.Port()^(magicCookie>>16))
	for i, b := range raw {
		dst = append(dst, b^r.id[i]) // cookie, then transaction id
	}
	return r.finish(dst, start)
}

// refuse answers 420 and lists what was not understood (§6.3.1, §14.8, §14.9). It
// gives no reason in words: who reads packets knows the number, and with the words
// the answer had more than twice the octets of its request.
func (r *request) refuse(dst []byte) []byte {
	start := len(dst)
	dst = r.header(dst, stun.BindingError)
	dst = appendAttr(dst, stun.AttrErrorCode, 4)
	dst = append(dst, 0, 0, 4, 20)
	dst = appendAttr(dst, stun.AttrUnknownAttributes, 2*r.nUnknown)
	for _, kind := range r.unknown[:r.nUnknown] {
		dst = binary.BigEndian.AppendUint16(dst, kind.Value())
	}
	return r.finish(pad(dst, start), start)
}

func pad(dst []byte, start int) []byte {
	for (len(dst)-start)%4 != 0 {
		dst = append(dst, 0)
	}
	return dst
}
