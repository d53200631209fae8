package udp

import (
	"bytes"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func echo(dst, packet []byte, _ netip.AddrPort, _ time.Time) []byte {
	switch string(packet) {
	case "panic":
		var none []int
		_ = none[len(packet)]
	case "silence":
		return nil
	}
	return append(dst, packet...)
}

// exchange sends one packet from a new socket and returns the answer, or "".
func exchange(t *testing.T, to netip.AddrPort, packet string, wait time.Duration) (string, netip.AddrPort) {
	t.Helper()
	// Not connected: a connected socket would hide an answer from a wrong source.
	c, err := net.ListenUDP("udp", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.WriteToUDPAddrPort([]byte(packet), to); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(wait))
	b := make([]byte, 8192)
	n, from, err := c.ReadFromUDPAddrPort(b)
	if err != nil {
		return "", from
	}
	return string(b[:n]), netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
}

// ways to serve a socket: what this platform does best, and what all can do.
var ways = map[string]func(*Server) func() error{"best": (*Server).stepper, "single": (*Server).single}

func TestSurvives(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) { testSurvives(t, way) })
	}
}

func testSurvives(t *testing.T, way func(*Server) func() error) {
	var where atomic.Value
	s, err := listen(netip.MustParseAddrPort("127.0.0.1:0"), echo, func(w string) { where.Store(w) }, way)
	if err != nil {
		t.Fatal(err)
	}
	for range 10 { // more than there are loops
		for _, packet := range []string{"panic", "silence", "", strings.Repeat("x", maxPacket+1)} {
			if got, _ := exchange(t, s.Addr(), packet, 10*time.Millisecond); got != "" {
				t.Errorf("answer %.10q", got)
			}
		}
	}
	if got, _ := exchange(t, s.Addr(), "hello", 5*time.Second); got != "hello" {
		t.Errorf("after the panics: %q", got)
	}
	if w, _ := where.Load().(string); !strings.Contains(w, "udp.echo") {
		t.Errorf("panicked in %q, want echo", w)
	}
	if err := s.Close(); err != nil { // and the loops end
		t.Error(err)
	}
}

// TestSource: a wildcard socket answers from the address that was asked.
func TestSource(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) { testSource(t, way) })
	}
}

func testSource(t *testing.T, way func(*Server) func() error) {
	for _, test := range []struct{ listen, ask string }{
		{"0.0.0.0", "127.0.0.1"}, {"0.0.0.0", "127.0.0.2"}, {"0.0.0.0", "127.9.9.9"},
		{"", "127.0.0.1"}, {"", "127.0.0.2"}, {"", "::1"}, {"::", "::1"}, {"127.0.0.3", "127.0.0.3"},
	} {
		t.Run(test.listen+" "+test.ask, func(t *testing.T) {
			var at netip.Addr
			if test.listen != "" {
				at = netip.MustParseAddr(test.listen)
			}
			var saw atomic.Value
			handler := func(dst, packet []byte, from netip.AddrPort, _ time.Time) []byte {
				saw.Store(from.Addr())
				return append(dst, packet...)
			}
			s, err := listen(netip.AddrPortFrom(at, 0), handler, func(string) {}, way)
			if err != nil {
				t.Fatalf("loopback needs both families: %v", err)
			}
			defer s.Close()
			to := netip.AddrPortFrom(netip.MustParseAddr(test.ask), s.Addr().Port())
			got, from := exchange(t, to, "x", 5*time.Second)
			if got != "x" || from != to {
				t.Errorf("asked %v, answered %q from %v", to, got, from)
			}
			if a, ok := saw.Load().(netip.Addr); !ok || a.Is4In6() {
				t.Errorf("handler saw %v", a)
			}
		})
	}
}

// TestNow: a handler is told when its packet was read.
func TestNow(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			var at atomic.Value
			s, err := listen(netip.MustParseAddrPort("127.0.0.1:0"), func(dst, packet []byte, _ netip.AddrPort, now time.Time) []byte {
				at.Store(now)
				return append(dst, packet...)
			}, func(string) {}, way)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for range 3 {
				began := time.Now()
				exchange(t, s.Addr(), "x", 5*time.Second)
				if now, ok := at.Load().(time.Time); !ok || now.Before(began) || now.After(time.Now()) {
					t.Errorf("%v is not after %v", now, began)
				}
			}
		})
	}
}

// TestTooLarge: of what does not fit, the handler learns that it came, and nothing else.
func TestTooLarge(t *testing.T) {
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			sizes := make(chan int, 10)
			s, err := listen(netip.MustParseAddrPort("127.0.0.1:0"), func(_, packet []byte, _ netip.AddrPort, _ time.Time) []byte {
				sizes <- len(packet)
				return nil
			}, func(string) {}, way)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			for _, size := range []int{maxPacket - 1, maxPacket + 1, 3 * maxPacket} {
				if _, err := dial(t, s).Write(make([]byte, size)); err != nil {
					t.Fatal(err)
				}
				want := size
				if size > maxPacket {
					want = 0
				}
				select {
				case got := <-sizes:
					if got != want {
						t.Errorf("of %d octets the handler got %d", size, got)
					}
				case <-time.After(5 * time.Second):
					t.Errorf("of %d octets the handler knows nothing", size)
				}
			}
		})
	}
}

// dial asks from one socket that ends with the test.
func dial(t *testing.T, s *Server) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(s.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// TestBurst: many packets at once, bad ones and unanswerable ones among them; each
// good one is answered, once.
func TestBurst(t *testing.T) {
	const good = 90 // few enough for the socket's buffer
	var panics atomic.Int64
	s, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"), func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		time.Sleep(100 * time.Microsecond) // so that a batch gathers
		if string(packet) == "large" {
			return make([]byte, 70_000) // cannot be sent (EMSGSIZE)
		}
		return echo(dst, packet, from, now)
	}, func(string) { panics.Add(1) })
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, s)
	for i := range good {
		_, _ = c.Write([]byte{byte(i), 'x'})
		_, _ = c.Write([]byte([]string{"panic", "large", "silence"}[i%3]))
	}
	seen := make(map[byte]int)
	b := make([]byte, 10)
	for range good {
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		n, err := c.Read(b)
		if err != nil || n != 2 {
			t.Fatal(n, err)
		}
		seen[b[0]]++
	}
	if len(seen) != good || panics.Load() != good/3 {
		t.Errorf("%d answered, %d panics", len(seen), panics.Load())
	}
}

// TestWakes: whatever number comes at once, and while others are answered, a reader
// never goes to sleep over a packet.
func TestWakes(t *testing.T) {
	s, err := Listen(netip.MustParseAddrPort("127.0.0.1:0"), func(dst, packet []byte, _ netip.AddrPort, _ time.Time) []byte {
		if packet[0]%3 == 0 {
			time.Sleep(50 * time.Microsecond) // so that some come meanwhile
		}
		return append(dst, packet...)
	}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := dial(t, s)
	b := make([]byte, 10)
	for i := range 160 {
		count := 1 + i%40
		for j := range count {
			if _, err := c.Write([]byte{byte(j)}); err != nil {
				t.Fatal(err)
			}
		}
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		for j := range count {
			if _, err := c.Read(b); err != nil {
				t.Fatalf("%d at once: answer %d: %v", count, j, err)
			}
		}
	}
}

// TestAllocations: none in the loops, whatever the socket.
func TestAllocations(t *testing.T) {
	for _, at := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::]:0"} {
		s, err := Listen(netip.MustParseAddrPort(at), func(dst, packet []byte, _ netip.AddrPort, _ time.Time) []byte {
			return append(dst, packet...)
		}, func(string) {})
		if err != nil {
			t.Logf("this host has no such family: %v", err)
			continue
		}
		to := net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: int(s.Addr().Port())}
		if s.Addr().Addr().Is6() {
			to.IP = net.IPv6loopback
		}
		c, err := net.DialUDP("udp", nil, &to)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 10)
		if n := testing.AllocsPerRun(1000, func() {
			if _, err := c.Write(b[:2]); err != nil {
				t.Fatal(err)
			}
			if _, err := c.Read(b); err != nil {
				t.Fatal(err)
			}
		}); n != 0 && runtime.GOOS == "linux" {
			t.Errorf("%s: %v allocations for each packet", at, n)
		}
		_ = c.Close()
		_ = s.Close()
	}
}

func TestNetwork(t *testing.T) {
	for addr, want := range map[string]string{"0.0.0.0": "udp4", "::": "udp6", "::1": "udp6", "192.0.2.1": "udp4"} {
		if got := Network("udp", netip.MustParseAddr(addr)); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
	if Network("tcp", netip.Addr{}) != "tcp" {
		t.Error("no address is both families")
	}
}

// FuzzSourceOf: control messages come from the kernel, but parse like anything.
func FuzzSourceOf(f *testing.F) {
	f.Add([]byte{}, true)
	f.Add(bytes.Repeat([]byte{0xff}, 40), false)
	f.Fuzz(func(_ *testing.T, b []byte, _ bool) { sourceOf(b) })
}
