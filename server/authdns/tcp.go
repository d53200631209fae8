package authdns

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"
	"slices"

	"watertight/server/sightings"
	"watertight/server/tcp"
)

// Stream is DNS over TCP (RFC 7766 §8): two octets of length before each message.
func (h *Handler) Stream() tcp.Protocol {
	return tcp.Protocol{Read: readFramed, Answer: func(dst, q []byte, from netip.AddrPort) []byte {
		start := len(dst)
		dst = h.Answer(append(dst, 0, 0), q, from, sightings.TCP)
		if len(dst) < start+2 { // silence: not DNS
			return nil
		}
		binary.BigEndian.PutUint16(dst[start:], uint16(len(dst)-start-2))
		return dst
	}}
}

func readFramed(r io.Reader, buf []byte) ([]byte, error) {
	var size [2]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return buf, fmt.Errorf("read length: %w", err)
	}
	n := int(binary.BigEndian.Uint16(size[:]))
	// As much memory as has been sent, not as much as was announced.
	for buf = buf[:0]; len(buf) < n; {
		part := min(n-len(buf), max(firstRead, len(buf)))
		if larger := slices.Grow(buf, part); cap(larger) > cap(buf) {
			clear(buf[:cap(buf)])
			buf = larger
		}
		if _, err := io.ReadFull(r, buf[len(buf):len(buf)+part]); err != nil {
			return buf, fmt.Errorf("read message: %w", err)
		}
		buf = buf[:len(buf)+part]
	}
	return buf, nil
}

// firstRead holds every query that is not odd.
const firstRead = 512
