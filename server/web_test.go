package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// briefly serves over TLS with times that a test has.
func briefly(t *testing.T, h http.HandlerFunc) (at string, all *crowd, roots *x509.CertPool) {
	t.Helper()
	cert, key, roots := write(t, t.TempDir(), 1)
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	web := newWeb(h)
	for _, limit := range []*time.Duration{&web.ReadHeaderTimeout, &web.WriteTimeout, &web.HTTP2.WriteByteTimeout} {
		*limit = min(*limit, brief) // what is not limited stays so
	}
	all = newCrowd(10, 10)
	go func() { _ = web.ServeTLS(quiet{l, all, func() {}}, cert, key) }()
	t.Cleanup(func() { _ = web.Close() })
	return l.Addr().String(), all, roots
}

const brief = 300 * time.Millisecond

// speak begins HTTP/2 by hand.
func speak(t *testing.T, at string, settings ...http2.Setting) (net.Conn, *http2.Framer) {
	t.Helper()
	c, err := tls.Dial("tcp", at, &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // ourselves
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_, _ = io.WriteString(c, http2.ClientPreface)
	f := http2.NewFramer(c, c)
	_ = f.WriteSettings(settings...)
	return c, f
}

// gone waits until nobody is there any more, well before idleTime is over.
func gone(t *testing.T, all *crowd) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if n, _ := all.places.Taken(); n == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatal("the connection stays")
		}
	}
}

// TestNoRequest: who speaks HTTP/2 and never asks anything is given the time of a header,
// pings or not.
func TestNoRequest(t *testing.T) {
	at, all, _ := briefly(t, func(http.ResponseWriter, *http.Request) {})
	c, f := speak(t, at)
	began := time.Now()
	_ = c.SetDeadline(began.Add(10 * time.Second))
	go func() {
		for f.WritePing(false, [8]byte{}) == nil {
			time.Sleep(brief / 10)
		}
	}()
	for {
		if _, err := f.ReadFrame(); err != nil {
			break
		}
	}
	gone(t, all)
	if d := time.Since(began); d < brief/2 {
		t.Errorf("after %v already", d)
	}
}

// TestSecondRequest: a connection that has asked may rest for longer than that, as those
// of nodes do.
func TestSecondRequest(t *testing.T) {
	at, _, roots := briefly(t, func(http.ResponseWriter, *http.Request) {})
	web := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}}
	defer web.CloseIdleConnections()
	for n := range 2 {
		reused := false
		trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = i.Reused }}
		r, _ := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "GET", "https://"+at, nil)
		res, err := web.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.ProtoMajor != 2 || reused != (n == 1) {
			t.Errorf("request %d: %s, reused %v", n, res.Proto, reused)
		}
		time.Sleep(2 * brief)
	}
}

// TestTakesNothing: whose connection is full is let go, not only their request.
func TestTakesNothing(t *testing.T) {
	ended := make(chan error, 1)
	at, all, _ := briefly(t, func(w http.ResponseWriter, _ *http.Request) {
		for piece := make([]byte, 1<<16); ; {
			if _, err := w.Write(piece); err != nil {
				ended <- err
				return
			}
		}
	})
	const most = 1<<31 - 1 // RFC 9113 §6.9.1
	_, f := speak(t, at, http2.Setting{ID: http2.SettingInitialWindowSize, Val: most})
	_ = f.WriteWindowUpdate(0, most-65535)
	var block bytes.Buffer
	e := hpack.NewEncoder(&block)
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "x"}, {":path", "/"}} {
		_ = e.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
	}
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true})
	select { // without having read anything
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("it is still written to")
	}
	gone(t, all)
}
