// Package turnd attests paths: it answers a TURN Allocate (RFC 8656) as a server
// would, up to the point where the client has proven its address, records that
// address under the client's token, and refuses. It never relays.
//
// The proof: the NONCE of the challenge is a keyed hash of the address that it
// was sent to, and comes back under MESSAGE-INTEGRITY. So whoever authenticates
// has received our packet at that address, and knows the token. Nothing is kept
// between the two packets.
//
// Like package stund it is a pure function from packet to packet.
package turnd

import (
	"crypto/rand"
	"net/netip"
	"time"

	"github.com/pion/stun/v3"

	"watertight/server/sightings"
	"watertight/server/stund"
)

const (
	// Password is public: the token, as user name, is the secret.
	Password = "watertight"
	// Realm is short rather than the zone's name, so that the challenge fits into
	// twice the smallest Allocate of a browser (28 bytes, Chromium's).
	Realm = "wt"
	// maxGain bounds answers to those who have proven nothing: who forges
	// addresses finds better amplifiers.
	maxGain = 2
)

// Handler answers packets. It is safe for concurrent use.
type Handler struct {
	nonces nonces
	record func(sightings.Token, sightings.Path)
}

// New makes a handler with a fresh key; record is told of every proven path.
func New(record func(sightings.Token, sightings.Path)) *Handler {
	h := &Handler{record: record, nonces: nonces{now: time.Now}}
	_, _ = rand.Read(h.nonces.key[:]) // never fails (crypto/rand)
	return h
}

// Answer appends the reply to dst and returns it; nil means silence. Binding
// requests are answered too: Chromium asks its TURN servers as STUN servers.
func (h *Handler) Answer(dst, packet []byte, from netip.AddrPort, over sightings.Transport) []byte {
	if out := stund.Answer(dst, packet, from); out != nil {
		return out
	}
	var r request
	if !from.IsValid() || from.Port() == 0 || !r.parse(packet) {
		return nil
	}
	peer := from.Addr().Unmap().WithZone("")
	out := h.judge(dst, &r, peer, over)
	if !r.proven && over == sightings.UDP && len(out)-len(dst) > maxGain*len(packet) {
		return nil
	}
	return out
}

// judge goes through RFC 8489 §9.2.4 in its order.
func (h *Handler) judge(dst []byte, r *request, peer netip.Addr, over sightings.Transport) []byte {
	if r.integrity == 0 {
		return r.challenge(dst, stun.CodeUnauthorized, h.nonces.make(peer))
	}
	if r.username == nil || r.realm == nil || r.nonce == nil {
		return r.refuse(dst, stun.CodeBadRequest, nil)
	}
	token, ok := sightings.ParseToken(string(r.username))
	if !ok {
		return r.challenge(dst, stun.CodeUnauthorized, h.nonces.make(peer))
	}
	key := longTermKey(token)
	if !r.signedBy(key) {
		return r.challenge(dst, stun.CodeUnauthorized, h.nonces.make(peer))
	}
	if !h.nonces.valid(r.nonce, peer) {
		return r.challenge(dst, stun.CodeStaleNonce, h.nonces.make(peer))
	}
	r.proven = true
	h.record(token, sightings.Path{Transport: over, Address: peer})
	return r.refuse(dst, refusal, key)
}

// refusal says the truth (RFC 8656 §7.2). Signed, it ends gathering in Chromium 156
// and Firefox 153 after one exchange; unsigned, Firefox asks five times more.
const refusal = stun.CodeInsufficientCapacity
