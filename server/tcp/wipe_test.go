package tcp

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
)

// TestWipes: when a connection ends, whichever way, no buffer holds what was said on it.
func TestWipes(t *testing.T) {
	secret := []byte("secret")
	for name, test := range map[string]struct {
		messages int
		last     error // of Read
	}{
		"the client goes":         {2, io.EOF},
		"half a message":          {2, io.ErrUnexpectedEOF},
		"goes at once":            {0, io.EOF},
		"an answer that is none":  {3, nil},
		"more messages than room": {5, io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			var all [][]byte
			n := 0
			fill := func(b []byte, size int) []byte {
				if cap(b) < size {
					b = make([]byte, 0, size)
					all = append(all, b)
				}
				return append(b[:0], bytes.Repeat(secret, size/len(secret))...)
			}
			p := Protocol{
				Read: func(_ io.Reader, buf []byte) ([]byte, error) {
					if n++; n > test.messages {
						return nil, errors.Join(test.last, net.ErrClosed)
					}
					return fill(buf, 60*n), nil // each larger than the last
				},
				Answer: func(dst, _ []byte, _ netip.AddrPort) []byte {
					if n == test.messages && test.last == nil {
						return nil
					}
					return fill(dst, 30*n)
				},
			}
			ours, theirs := net.Pipe()
			go func() { _, _ = io.Copy(io.Discard, theirs) }()
			s := &Server{protocol: p, conns: make(map[net.Conn]*conn), peers: make(map[netip.Prefix]int)}
			c := from{ours, "192.0.2.1"}
			if !s.enter(c) {
				t.Fatal("refused")
			}
			s.serve(c)
			s.leave(c)
			for i, b := range all {
				if bytes.Contains(b[:cap(b)], secret) {
					t.Errorf("buffer %d of %d still holds what was said", i, len(all))
				}
			}
			if test.messages > 0 && len(all) < 2 {
				t.Errorf("%d buffers: nothing was said", len(all))
			}
		})
	}
}
