package turnd

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"

	"watertight/server/sightings"
	"watertight/server/stund"
	"watertight/server/tcp"
)

// maxStream is far above what a client sends that has no allocation.
const maxStream = 2048

var errFraming = errors.New("not STUN")

// Stream is STUN over TCP (RFC 8489 §6.2.2): messages tell their own length.
// ChannelData (RFC 8656 §12.5) cannot come, since nobody gets a channel.
func (h *Handler) Stream() tcp.Protocol {
	return tcp.Protocol{Read: readMessage, Answer: func(dst, m []byte, from netip.AddrPort) []byte {
		return h.Answer(dst, m, from, sightings.TCP)
	}}
}

func readMessage(r io.Reader, buf []byte) ([]byte, error) {
	if cap(buf) < maxStream {
		buf = make([]byte, maxStream)
	}
	buf = buf[:headerSize]
	if _, err := io.ReadFull(r, buf); err != nil {
		return buf, fmt.Errorf("read header: %w", err)
	}
	n := headerSize + int(binary.BigEndian.Uint16(buf[2:]))
	if !stund.Is(buf) || n > maxStream {
		return buf, errFraming
	}
	buf = buf[:n]
	if _, err := io.ReadFull(r, buf[headerSize:]); err != nil {
		return buf, fmt.Errorf("read message: %w", err)
	}
	return buf, nil
}
