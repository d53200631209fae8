package check

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Message types of RFC 8489 §5 and RFC 8656 §7.
const (
	bindingRequest, bindingSuccess = 0x0001, 0x0101
	allocateRequest, allocateError = 0x0003, 0x0113
	magic                          = 0x2112a442

	// softwareSize of an attribute that nobody reads: without it the request would
	// be too small to be answered by TURN, which never sends much more than it gets.
	softwareSize = 64
)

var errOther = errors.New("something else answers there")

// bindings tries STUN and TURN at each address.
func (r *run) bindings() {
	if r.STUN == 0 {
		r.absent("STUN", "stun")
	}
	if r.TURN == 0 {
		r.absent("TURN", "turn")
	}
	for _, a := range r.addresses() {
		for _, p := range []struct {
			name, flag, network string
			port                uint16
			request, want       uint16
		}{
			{"STUN", "stun", "udp", r.STUN, bindingRequest, bindingSuccess},
			{"TURN", "turn", "udp", r.TURN, allocateRequest, allocateError},
			{"TURN", "turn", "tcp", r.TURN, allocateRequest, allocateError},
		} {
			if p.port == 0 {
				continue
			}
			at := netip.AddrPortFrom(a, p.port)
			what := fmt.Sprintf("%s %s %s", p.name, p.network, at)
			if err := stun(r.ctx, p.network, at, p.request, p.want); err != nil {
				r.silent(at, p.flag, p.network, what, err)
				continue
			}
			r.reached(at, what)
		}
	}
}

// stun sends one request and wants one kind of answer.
func stun(ctx context.Context, network string, at netip.AddrPort, request, want uint16) error {
	var last error
	for range tries {
		if last = stunOnce(ctx, network, at, request, want); last == nil {
			return nil
		}
	}
	return last
}

func stunOnce(ctx context.Context, network string, at netip.AddrPort, request, want uint16) error {
	d := net.Dialer{Timeout: patience}
	c, err := d.DialContext(ctx, network, at.String())
	if err != nil {
		return err //nolint:wrapcheck // names the address
	}
	defer c.Close() //nolint:errcheck // nothing is written any more
	_ = c.SetDeadline(time.Now().Add(patience))
	q := binary.BigEndian.AppendUint16(nil, request)
	q = binary.BigEndian.AppendUint32(append(q, 0, 4+softwareSize), magic)
	q = append(q, make([]byte, 12)...)
	_, _ = rand.Read(q[8:])
	q = append(q, 0x80, 0x22, 0, softwareSize)
	q = append(q, make([]byte, softwareSize)...)
	if _, err := c.Write(q); err != nil {
		return err //nolint:wrapcheck // as above
	}
	in := make([]byte, 1500)
	n, err := c.Read(in)
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	if n < 20 || binary.BigEndian.Uint16(in) != want || string(in[4:20]) != string(q[4:20]) {
		return errOther
	}
	return nil
}
