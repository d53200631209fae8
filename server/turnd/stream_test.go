package turnd

import (
	"bytes"
	"testing"

	"github.com/pion/stun/v3"

	"watertight/server/stund"
)

// FuzzStream: from whatever comes over TCP, only whole STUN messages are read, each to
// its own end.
func FuzzStream(f *testing.F) {
	one := build(f)
	f.Add(one)
	f.Add(append(bytes.Clone(one), build(f, stun.Fingerprint)...))
	f.Add(one[:21])
	f.Add([]byte("GET / HTTP/1.1\r\n\r\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		r := bytes.NewReader(stream)
		var buf []byte
		for at := 0; ; {
			m, err := readMessage(r, buf)
			if err != nil {
				return
			}
			at += len(m)
			if !stund.Is(m) || len(m) > maxStream || !bytes.Equal(m, stream[at-len(m):at]) || r.Len() != len(stream)-at {
				t.Fatalf("read %x", m)
			}
			buf = m
		}
	})
}
