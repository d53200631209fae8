package turnd

import (
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/turn/v5"

	"watertight/server/sightings"
	"watertight/server/tcp"
	"watertight/server/udp"
)

// TestClient lets pion's TURN client ask, over both transports and families.
func TestClient(t *testing.T) {
	seen := make(chan attested, 10)
	h := New(func(k sightings.Token, p sightings.Path) { seen <- attested{string(k[:]), p} })
	for _, host := range []string{"127.0.0.1", "::1"} {
		at := netip.AddrPortFrom(netip.MustParseAddr(host), 0)
		u, err := udp.Listen(at, func(dst, p []byte, from netip.AddrPort, _ time.Time) []byte {
			return h.Answer(dst, p, from, sightings.UDP)
		}, nil)
		if err != nil {
			t.Fatalf("loopback needs both families: %v", err)
		}
		defer u.Close()
		s, err := tcp.Listen(at, h.Stream(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()

		c, err := net.ListenPacket("udp", netip.AddrPortFrom(at.Addr(), 0).String())
		if err != nil {
			t.Fatal(err)
		}
		expect(t, c, u.Addr().String(), seen, sightings.UDP, host)
		d, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		expect(t, turn.NewSTUNConn(d), s.Addr().String(), seen, sightings.TCP, host)
	}
}

func expect(t *testing.T, c net.PacketConn, server string, seen <-chan attested, over sightings.Transport, host string) {
	t.Helper()
	defer c.Close()
	client, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: server, Conn: c, Username: tok, Password: Password})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Listen(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Allocate(); err == nil || !strings.Contains(err.Error(), "508") {
		t.Errorf("%v %s: %v, want a 508", over, host, err)
	}
	select {
	case got := <-seen:
		if want := (attested{tok, sightings.Path{Transport: over, Address: netip.MustParseAddr(host)}}); got != want {
			t.Errorf("attested %v, want %v", got, want)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("%v %s: nothing was attested", over, host)
	}
}

// TestReadMessage: messages are found in a stream however it arrives, and what is
// no STUN ends it.
func TestReadMessage(t *testing.T) {
	one, two := build(t), build(t, stun.Fingerprint)
	in := iotest.OneByteReader(strings.NewReader(string(one) + string(two) + "GET / HTTP/1.1\r\n\r\nmore"))
	var buf []byte
	for _, want := range [][]byte{one, two} {
		var err error
		if buf, err = readMessage(in, buf); err != nil || string(buf) != string(want) {
			t.Fatalf("%x, %v", buf, err)
		}
	}
	if _, err := readMessage(in, buf); err == nil {
		t.Error("HTTP was taken")
	}
	long := build(t)
	long[2] = 0xff
	if _, err := readMessage(io.MultiReader(strings.NewReader(string(long)), strings.NewReader(strings.Repeat("x", 1<<16))), nil); err == nil {
		t.Error("a message of 65 kB was taken")
	}
}
