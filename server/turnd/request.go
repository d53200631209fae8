package turnd

import (
	"crypto/hmac"
	"crypto/md5" //nolint:gosec // RFC 8489 §9.2.2 derives the key with it
	"crypto/sha1"
	"encoding/binary"

	"github.com/pion/stun/v3"

	"watertight/server/sightings"
	"watertight/server/stund"
)

const (
	headerSize = 20
	attrHeader = 4
	cookieAt   = 4
)

var allocateRequest = stun.NewType(stun.MethodAllocate, stun.ClassRequest).Value()

// request is what a well-formed Allocate request says of its sender. What it asks
// for is of no interest: it will not get it.
type request struct {
	raw                    []byte
	fingerprint            bool
	integrity              int // where MESSAGE-INTEGRITY is, or 0
	username, realm, nonce []byte
	proven                 bool
}

// parse walks the attributes in place (RFC 8489 §5 and §14).
func (r *request) parse(p []byte) bool {
	if !stund.Is(p) || binary.BigEndian.Uint16(p) != allocateRequest ||
		int(binary.BigEndian.Uint16(p[2:])) != len(p)-headerSize || len(p)%4 != 0 {
		return false
	}
	r.raw = p
	for at := headerSize; at < len(p); {
		kind := stun.AttrType(binary.BigEndian.Uint16(p[at:]))
		size := int(binary.BigEndian.Uint16(p[at+2:]))
		end := at + attrHeader + (size+3)&^3
		if end > len(p) {
			return false
		}
		value := p[at+attrHeader:][:size]
		switch {
		case kind == stun.AttrFingerprint: // §14.7: the last one
			if size != 4 || end != len(p) || binary.BigEndian.Uint32(value) != stun.FingerprintValue(p[:at]) {
				return false
			}
			r.fingerprint = true
		case r.integrity != 0: // what follows is not protected and ignored (§14.5)
		case kind == stun.AttrMessageIntegrity:
			if size != sha1.Size {
				return false
			}
			r.integrity = at
		default:
			r.keep(kind, value)
		}
		at = end
	}
	return true
}

// keep takes the first of each kind (§14).
func (r *request) keep(kind stun.AttrType, value []byte) {
	var to *[]byte
	switch kind {
	case stun.AttrUsername:
		to = &r.username
	case stun.AttrRealm:
		to = &r.realm
	case stun.AttrNonce:
		to = &r.nonce
	default:
		return
	}
	if *to == nil {
		*to = value
	}
}

// longTermKey is of RFC 8489 §9.2.2. Token, realm and password are ASCII, which
// the OpaqueString profile leaves alone.
func longTermKey(t sightings.Token) []byte {
	sum := md5.Sum([]byte(string(t[:]) + ":" + Realm + ":" + Password)) //nolint:gosec // as above
	return sum[:]
}

// seal is HMAC-SHA1 over a message up to MESSAGE-INTEGRITY, with the length that
// the header has when that attribute is the last (§14.5).
func seal(message, key []byte) []byte {
	var head [4]byte
	copy(head[:], message)
	binary.BigEndian.PutUint16(head[2:], uint16(len(message)-headerSize+attrHeader+sha1.Size))
	mac := hmac.New(sha1.New, key)
	_, _ = mac.Write(head[:])
	_, _ = mac.Write(message[len(head):])
	return mac.Sum(nil)
}

func (r *request) signedBy(key []byte) bool {
	return hmac.Equal(r.raw[r.integrity+attrHeader:][:sha1.Size], seal(r.raw[:r.integrity], key))
}
