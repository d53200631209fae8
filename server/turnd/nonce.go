package turnd

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"time"
)

const (
	// nonceLife: a nonce is good in the period that it was made in and the next.
	// A browser answers a challenge within one round trip.
	nonceLife = time.Minute
	// nonceBytes is 72 bits: nobody guesses that online, and it is 12 characters.
	nonceBytes = 9
)

// nonces are not stored: they can be computed again.
type nonces struct {
	key [32]byte
	now func() time.Time
}

func (n *nonces) at(peer netip.Addr, period int64) []byte {
	mac := hmac.New(sha256.New, n.key[:])
	raw := peer.As16()
	_, _ = mac.Write(binary.BigEndian.AppendUint64(raw[:], uint64(period)))
	return base64.RawURLEncoding.AppendEncode(nil, mac.Sum(nil)[:nonceBytes])
}

func (n *nonces) period() int64 { return n.now().Unix() / int64(nonceLife/time.Second) }

// make is for an address without its port: a NAT may change the port between two
// packets, and the address is what gets attested.
func (n *nonces) make(peer netip.Addr) []byte { return n.at(peer, n.period()) }

func (n *nonces) valid(nonce []byte, peer netip.Addr) bool {
	p := n.period()
	return hmac.Equal(nonce, n.at(peer, p)) || hmac.Equal(nonce, n.at(peer, p-1))
}
