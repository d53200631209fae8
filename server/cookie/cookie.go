// Package cookie makes and checks DNS server cookies (RFC 7873, in the form of
// RFC 9018). A resolver that sends back the cookie that it was given has shown
// that its address is not forged, without any state here.
package cookie

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"
	"net/netip"
	"time"
)

const (
	// ClientSize and serverSize of the two halves (RFC 7873 §4, RFC 9018 §4).
	ClientSize = 8
	serverSize = 16
	// maxServer is what other servers may have made (RFC 7873 §4.2).
	minServer, maxServer = 8, 32
	version              = 1

	// RFC 9018 §4.3: not older than an hour, renewed after half of it, and clocks
	// of several servers may differ by five minutes.
	life, renew, future = time.Hour, 30 * time.Minute, 5 * time.Minute
)

// Jar makes cookies. It is safe for concurrent use.
type Jar struct {
	key [16]byte
	now func() time.Time
}

// New has a key of its own, so cookies do not outlive the process.
func New(now func() time.Time) *Jar {
	j := &Jar{now: now}
	_, _ = rand.Read(j.key[:]) // never fails (crypto/rand)
	return j
}

// WellFormed reports whether the length of an option can be (RFC 7873 §5.2.2).
func WellFormed(option []byte) bool {
	n := len(option) - ClientSize
	return n == 0 || n >= minServer && n <= maxServer
}

// Check reports whether a client's option holds a cookie of ours for its address,
// and whether it is time for a new one.
func (j *Jar) Check(option []byte, client netip.Addr) (valid, stale bool) {
	return j.check(option, client, j.now())
}

func (j *Jar) check(option []byte, client netip.Addr, now time.Time) (valid, stale bool) {
	if len(option) != ClientSize+serverSize || option[ClientSize] != version {
		return false, true
	}
	server := option[ClientSize:]
	// Seconds are counted modulo 2^32 (RFC 1982).
	age := time.Duration(int32(uint32(now.Unix())-binary.BigEndian.Uint32(server[4:]))) * time.Second
	if age > life || age < -future {
		return false, true
	}
	var want [8]byte
	j.hash(&want, option[:ClientSize+8], client)
	return subtle.ConstantTimeCompare(want[:], server[8:]) == 1, age > renew
}

// Reply appends the option for the answer: the client's half and a valid server
// half, the same one as long as that is young enough.
func (j *Jar) Reply(dst, option []byte, client netip.Addr) []byte {
	return j.ReplyAt(dst, option, client, j.now())
}

// ReplyAt is for who knows already what time it is.
func (j *Jar) ReplyAt(dst, option []byte, client netip.Addr, now time.Time) []byte {
	if valid, stale := j.check(option, client, now); valid && !stale {
		return append(dst, option...)
	}
	start := len(dst)
	dst = append(dst, option[:ClientSize]...)
	dst = append(dst, version, 0, 0, 0)
	dst = binary.BigEndian.AppendUint32(dst, uint32(now.Unix()))
	var sum [8]byte
	j.hash(&sum, dst[start:], client)
	return append(dst, sum[:]...)
}

// hash is over everything before it and the address (RFC 9018 §4.4). SipHash
// gives its octets in little-endian order.
func (j *Jar) hash(to *[8]byte, before []byte, addr netip.Addr) {
	var b [ClientSize + 8 + 16]byte
	m := append(b[:0], before...)
	if addr.Is4() {
		raw := addr.As4()
		m = append(m, raw[:]...)
	} else {
		raw := addr.As16()
		m = append(m, raw[:]...)
	}
	binary.LittleEndian.PutUint64(to[:], sipHash(&j.key, m))
}
