package tcp

import (
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// line is a protocol of single octets: '!' panics, '.' ends, others come back.
var line = Protocol{
	Read: func(r io.Reader, buf []byte) ([]byte, error) {
		buf = append(buf, 0)
		_, err := io.ReadFull(r, buf)
		return buf, err
	},
	Answer: func(dst, m []byte, from netip.AddrPort) []byte {
		switch {
		case m[0] == '!' || from.Addr().Is4In6():
			panic("test")
		case m[0] == '.':
			return nil
		}
		return append(dst, m...)
	},
}

func dial(t *testing.T, s *Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	return c
}

// echo reports whether a new connection is served.
func echo(t *testing.T, s *Server) bool {
	c := dial(t, s)
	defer c.Close()
	_, _ = c.Write([]byte("x"))
	out, err := io.ReadAll(io.LimitReader(c, 1))
	return err == nil && string(out) == "x"
}

func TestEnds(t *testing.T) {
	places := make(chan string, 10)
	s, err := Listen(netip.AddrPortFrom(netip.Addr{}, 0), line, func(w string) { places <- w })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for in, want := range map[string]string{"ab.c": "ab", "a!b": "a", "": "", "abc": "abc"} {
		c := dial(t, s)
		_, _ = c.Write([]byte(in))
		_ = c.(*net.TCPConn).CloseWrite()
		// What was not read makes the kernel reset the connection: not an error here.
		if out, _ := io.ReadAll(c); string(out) != want {
			t.Errorf("%q: %q, want %q", in, out, want)
		}
	}
	if len(places) != 1 || !echo(t, s) {
		t.Errorf("%d panics were told", len(places))
	}
}

func TestMessages(t *testing.T) {
	s, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"), line, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, s)
	go func() { _, _ = c.Write(make([]byte, maxMessages)) }()
	if out, err := io.ReadAll(c); len(out) != maxMessages || err != nil { // ends by itself
		t.Errorf("%d messages were answered: %v", len(out), err)
	}
}

func TestLimits(t *testing.T) {
	s, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"), line, nil)
	if err != nil {
		t.Fatal(err)
	}
	var conns []net.Conn
	for range maxPerPeer {
		conns = append(conns, dial(t, s))
	}
	deadline := time.Now().Add(5 * time.Second)
	for echo(t, s) { // the last of them may not be accepted yet
		if time.Now().After(deadline) {
			t.Fatal("one more connection than allowed")
		}
	}
	_ = conns[0].Close()
	for !echo(t, s) {
		if time.Now().After(deadline) {
			t.Fatal("a closed connection still counts")
		}
		time.Sleep(time.Millisecond)
	}
	start := time.Now()
	if err := s.Close(); err != nil { // does not wait for those who sit there
		t.Error(err)
	}
	if d := time.Since(start); d > idle/2 {
		t.Errorf("closing took %v", d)
	}
	if len(s.conns) != 0 || len(s.peers) != 0 {
		t.Errorf("%d connections, %d peers are left", len(s.conns), len(s.peers))
	}
}
