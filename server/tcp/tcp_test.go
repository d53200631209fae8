package tcp

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"testing"
	"testing/synctest"
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
	if len(s.conns) != 0 || len(s.peers) != 0 || s.quiet.Len() != 0 {
		t.Errorf("%d connections, %d peers are left", len(s.conns), len(s.peers))
	}
}

// from is a connection that seems to come from an address.
type from struct {
	net.Conn
	addr string
}

func (f from) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr(f.addr), 4000))
}

func pretend(addr string) net.Conn {
	ours, _ := net.Pipe()
	return from{ours, addr}
}

// TestPrefixes: a whole prefix has a bound too, and others notice nothing of it.
func TestPrefixes(t *testing.T) {
	s := &Server{conns: make(map[net.Conn]*conn), peers: make(map[netip.Prefix]int)}
	enter := func(addr string) bool { return s.enter(pretend(addr)) }
	for i := range maxPerPrefix {
		if !enter(fmt.Sprintf("192.0.2.%d", i%200)) || !enter(fmt.Sprintf("2001:db8:0:%x::1", i%200)) {
			t.Fatalf("connection %d was refused", i)
		}
	}
	if enter("192.0.2.250") || enter("2001:db8:0:fe::1") {
		t.Error("one more of a full prefix")
	}
	if !enter("192.0.3.1") || !enter("2001:db8:0:100::1") {
		t.Error("another prefix was refused")
	}
}

// TestMakesRoom: when all places are taken, the one that has been quiet for longest
// ends; who has just asked keeps theirs.
func TestMakesRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{conns: make(map[net.Conn]*conn), peers: make(map[netip.Prefix]int)}
		var all []net.Conn
		for i := range maxConns {
			all = append(all, pretend(fmt.Sprintf("10.%d.%d.1", i>>8, i&255)))
			if !s.enter(all[i]) {
				t.Fatalf("connection %d was refused", i)
			}
		}
		late := pretend("192.0.2.1")
		if s.enter(late) {
			t.Error("pushed out one that had had no time to ask")
		}
		time.Sleep(2 * minIdle)
		if !s.deadline(all[0]) {
			t.Error("the first may not ask again")
		}
		if !s.enter(late) || len(s.conns) != maxConns {
			t.Error("idle connections keep others out")
		}
		if s.conns[all[0]] == nil || s.conns[all[1]] != nil || s.deadline(all[1]) {
			t.Error("the wrong one had to go")
		}
		if _, err := all[1].Write(nil); err == nil {
			t.Error("it is not closed")
		}
		s.leave(all[1]) // as its goroutine does in the end
		if len(s.conns) != maxConns || s.quiet.Len() != maxConns || s.peers[netip.MustParsePrefix("10.0.1.1/32")] != 0 {
			t.Error("counted twice")
		}
	})
}

// TestCloses: who does not read their answer keeps the server no longer than that.
func TestCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		s := &Server{protocol: line, conns: make(map[net.Conn]*conn), peers: make(map[netip.Prefix]int)}
		c := from{ours, "192.0.2.1"}
		if !s.enter(c) {
			t.Fatal("refused")
		}
		s.wait.Go(func() { s.serve(c); s.leave(c) })
		if _, err := theirs.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		synctest.Wait() // the answer is on its way
		began := time.Now()
		_ = s.Close()
		if took := time.Since(began); took != lastWrite {
			t.Errorf("closing took %v, want %v", took, lastWrite)
		}
		_ = theirs.Close()
	})
}

// TestIdle: who says nothing, who dribbles and who does not read all lose their
// connection when their time is up; who asks in time keeps it.
func TestIdle(t *testing.T) {
	long := Protocol{
		Read: func(r io.Reader, buf []byte) ([]byte, error) {
			buf = append(buf, make([]byte, 8)...)
			_, err := io.ReadFull(r, buf)
			return buf, err
		},
		Answer: func(dst, m []byte, _ netip.AddrPort) []byte { return append(dst, m...) },
	}
	read := func(c net.Conn) { _, _ = io.ReadFull(c, make([]byte, 8)) }
	for name, test := range map[string]struct {
		client func(net.Conn)
		lives  time.Duration
	}{
		"silent": {func(net.Conn) {}, idle},
		"dribbling": {func(c net.Conn) {
			for range 8 {
				_, _ = c.Write([]byte{1})
				time.Sleep(idle / 4)
			}
		}, idle},
		"not reading": {func(c net.Conn) { _, _ = c.Write(make([]byte, 8)) }, idle},
		"in time": {func(c net.Conn) {
			for range 3 {
				time.Sleep(idle / 2)
				_, _ = c.Write(make([]byte, 8))
				read(c)
			}
		}, 3*idle/2 + idle},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ours, theirs := net.Pipe()
				s := &Server{protocol: long, conns: make(map[net.Conn]*conn), peers: make(map[netip.Prefix]int)}
				c := from{ours, "192.0.2.1"}
				began := time.Now()
				if !s.enter(c) {
					t.Fatal("refused")
				}
				done := make(chan struct{})
				go func() { test.client(theirs); close(done) }()
				s.serve(c)
				s.leave(c)
				if lived := time.Since(began); lived != test.lives {
					t.Errorf("lived %v, want %v", lived, test.lives)
				}
				_ = theirs.Close()
				<-done
			})
		})
	}
}
