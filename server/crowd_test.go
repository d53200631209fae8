package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestManyStreams: five thousand at once, from many addresses, and each hears of its
// token; one address gets no more than its share.
func TestManyStreams(t *testing.T) {
	const streams, perAddress, fromOne = 5000, 100, 128
	const patience = 4 * time.Minute // a busy machine takes longer than a stream usually lives to open them all
	s := beginWith(t, func(c *config) { c.streamLife = patience })
	defer func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	}()
	stream := func(host int) (io.Closer, *bufio.Reader, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(host))}, Timeout: 30 * time.Second}
		c, err := d.Dial("tcp", s.http[0].String())
		if err != nil {
			return nil, nil, err
		}
		_ = c.SetDeadline(time.Now().Add(patience))
		fmt.Fprintf(c, "GET /v1/sightings/%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n", tok)
		return c, bufio.NewReader(c), nil
	}
	until := func(in *bufio.Reader, want string) error {
		for {
			line, err := in.ReadString('\n')
			if err != nil || strings.HasPrefix(line, want) {
				return err
			}
		}
	}
	open := make([]*bufio.Reader, streams)
	var wait sync.WaitGroup
	var failed atomic.Int64
	for worker := range 50 {
		wait.Go(func() {
			for i := worker; i < streams; i += 50 {
				c, in, err := stream(1 + i/perAddress)
				if err != nil || until(in, "event: open") != nil {
					failed.Add(1)
					continue
				}
				t.Cleanup(func() { _ = c.Close() })
				open[i] = in
			}
		})
	}
	wait.Wait()
	if failed.Load() > 0 {
		t.Fatalf("%d of %d streams did not open", failed.Load(), streams)
	}
	resolve(t, "udp", s.dns[0].String(), "f0."+tok+".watertight.test.", 1)
	for i, in := range open {
		if err := until(in, "event: sighting"); err != nil {
			t.Fatalf("stream %d: %v", i, err)
		}
	}
	refused := 0
	for range fromOne + 5 {
		c, in, err := stream(250)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if line, _ := in.ReadString('\n'); strings.Contains(line, "429") {
			refused++
		}
	}
	if refused != 5 {
		t.Errorf("%d of %d streams of one address were refused", refused, fromOne+5)
	}
}

// TestCrowd: connections that say nothing have bounds too, and what leaves makes room.
func TestCrowd(t *testing.T) {
	c := newCrowd(3, 2)
	at := func(a string) net.Conn { return fake{addr: &net.TCPAddr{IP: net.ParseIP(a)}} }
	one := c.enter(at("192.0.2.1"))
	for i, test := range []struct {
		from string
		in   bool
	}{{"::ffff:192.0.2.1", true}, {"192.0.2.1", false}, {"2001:db8::1", true}, {"2001:db8::2", false}} {
		if got := c.enter(at(test.from)); (got != nil) != test.in {
			t.Errorf("%d: %s: %v", i, test.from, got)
		}
	}
	_ = one.Close()
	_ = one.Close() // counts once
	if c.enter(at("2001:db8::3")) == nil || c.enter(at("2001:db8::4")) != nil {
		t.Error("what left has made no room, or too much")
	}
}

// TestCrowdOfOne: with all addresses of a /56, one customer does not hold the API, nor does
// who has a /24.
func TestCrowdOfOne(t *testing.T) {
	c := newCrowd(maxConns, maxConnsPerPeer)
	in := 0
	for n := range maxConns {
		if c.enter(fake{addr: &net.TCPAddr{IP: net.ParseIP(fmt.Sprintf("2001:db8:0:%x::%x", n%256, n))}}) != nil {
			in++
		}
		if c.enter(fake{addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, byte(n))}}) != nil {
			in++
		}
	}
	if in != 2*1024 || c.enter(fake{addr: &net.TCPAddr{IP: net.ParseIP("2001:db8:1::1")}}) == nil {
		t.Errorf("they have %d of %d places, and others are kept out", in, maxConns)
	}
}

type fake struct {
	net.Conn
	addr net.Addr
}

func (f fake) RemoteAddr() net.Addr { return f.addr }
func (f fake) Close() error         { return nil }

// TestBody: what nobody wants is not read.
func TestBody(t *testing.T) {
	s := begin(t)
	defer end(t, s)
	c, err := net.Dial("tcp", s.http[0].String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(c, "GET /v1/exit HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\nbeginning")
	in := bufio.NewReader(c)
	res, err := http.ReadResponse(in, nil)
	if err != nil || res.StatusCode != http.StatusRequestEntityTooLarge || !res.Close {
		t.Fatalf("%v %v", res, err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	if _, err := in.ReadByte(); err == nil {
		t.Error("the connection stays")
	}
}

// TestSlowHeader: who takes too long to say what they want is cut off.
func TestSlowHeader(t *testing.T) {
	t.Parallel()
	s := begin(t)
	defer end(t, s)
	c, err := net.Dial("tcp", s.http[0].String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	began := time.Now()
	fmt.Fprint(c, "GET /v1/exit HTTP/1.1\r\nHost:")
	_ = c.SetDeadline(began.Add(2*headerTime + 5*time.Second))
	if _, err := io.ReadAll(c); err != nil {
		t.Errorf("%v", err)
	}
	if d := time.Since(began); d < headerTime/2 || d > 2*headerTime {
		t.Errorf("cut off after %v", d)
	}
}
