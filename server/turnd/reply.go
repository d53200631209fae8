package turnd

import (
	"encoding/binary"

	"github.com/pion/stun/v3"
)

var allocateError = stun.NewType(stun.MethodAllocate, stun.ClassErrorResponse).Value()

// begin writes the header and ERROR-CODE (RFC 8489 §14.8), without a reason
// phrase: no browser shows it, and an answer must stay small.
func (r *request) begin(dst []byte, code stun.ErrorCode) []byte {
	dst = binary.BigEndian.AppendUint16(dst, allocateError)
	dst = append(dst, 0, 0)
	dst = append(dst, r.raw[cookieAt:headerSize]...)
	return appendAttr(dst, stun.AttrErrorCode, []byte{0, 0, byte(code / 100), byte(code % 100)})
}

func appendAttr(dst []byte, kind stun.AttrType, value []byte) []byte {
	dst = binary.BigEndian.AppendUint16(dst, kind.Value())
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(value)))
	dst = append(dst, value...)
	for range -len(value) & 3 {
		dst = append(dst, 0)
	}
	return dst
}

// challenge tells how to authenticate. It has no MESSAGE-INTEGRITY: the client
// does not know the realm yet (§9.2.4).
func (r *request) challenge(dst []byte, code stun.ErrorCode, nonce []byte) []byte {
	start := len(dst)
	dst = r.begin(dst, code)
	dst = appendAttr(dst, stun.AttrRealm, []byte(Realm))
	dst = appendAttr(dst, stun.AttrNonce, nonce)
	return r.finish(dst, start)
}

// refuse is signed when there is a key.
func (r *request) refuse(dst []byte, code stun.ErrorCode, key []byte) []byte {
	start := len(dst)
	dst = r.begin(dst, code)
	if key != nil {
		dst = appendAttr(dst, stun.AttrMessageIntegrity, seal(dst[start:], key))
	}
	return r.finish(dst, start)
}

// finish sets the length, and adds FINGERPRINT if the request had it (§14.7).
func (r *request) finish(dst []byte, start int) []byte {
	m := dst[start:]
	size := len(m) - headerSize
	if !r.fingerprint {
		binary.BigEndian.PutUint16(m[2:], uint16(size))
		return dst
	}
	binary.BigEndian.PutUint16(m[2:], uint16(size+attrHeader+4))
	return appendAttr(dst, stun.AttrFingerprint, binary.BigEndian.AppendUint32(nil, stun.FingerprintValue(m)))
}
