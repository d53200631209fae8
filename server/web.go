package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"watertight/server/tcp"
	"watertight/server/udp"
	"watertight/server/wash"
)

const (
	// headerTime and headerBytes: our own client sends 1 kB at once.
	headerTime  = 5 * time.Second
	headerBytes = 8 << 10
	// requestTime covers everything but streams, which set their own deadlines.
	requestTime = 10 * time.Second
	idleTime    = 60 * time.Second
)

// newWeb has a limit for everything that a client can draw out.
func newWeb(h http.Handler) *http.Server {
	web := &http.Server{
		Handler:           leavesNothing(h),
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          log.New(io.Discard, "", 0), // its lines hold addresses of users
		// With HTTP/2 WriteTimeout is for one request. This is for the connection of who
		// takes nothing in.
		HTTP2: &http.HTTP2Config{WriteByteTimeout: requestTime},
	}
	web.ConnState = func(c net.Conn, state http.ConnState) { hurry(c, state, web.ReadHeaderTimeout) }
	return web
}

// hurry who speaks HTTP/2: net/http's time for a header is HTTP/1's, so a connection that
// never asks anything would be kept until it has been idle for too long. It is idle for
// the first time when the client has said what it speaks (RFC 9113 §3.4), and net/http
// takes the deadline back when the first request is there.
func hurry(c net.Conn, state http.ConnState, most time.Duration) {
	t, ok := c.(*tls.Conn)
	if !ok || state != http.StateIdle {
		return
	}
	if one, ok := t.NetConn().(*counted); ok && !one.greeted {
		one.greeted = true
		_ = c.SetReadDeadline(time.Now().Add(most))
	}
}

// leavesNothing on the stack of a goroutine: with HTTP/2, each request has its own.
func leavesNothing(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wash.Deepen()
		defer wash.Below()
		h.ServeHTTP(w, r)
	})
}

// openWeb opens listeners that serve nothing yet. came is told of every connection.
func (s *server) openWeb(flag string, list listeners, came func()) (open []net.Listener, bound []netip.AddrPort, err error) {
	all := newCrowd(maxConns, maxConnsPerPeer)
	for _, l := range list {
		in, err := net.ListenTCP(udp.Network("tcp", l.Addr()), net.TCPAddrFromAddrPort(l.AddrPort))
		if l.missing(err) {
			continue
		}
		if err != nil {
			return nil, nil, fmt.Errorf("flag -%s: %s: %w", flag, l.text(), err)
		}
		door := quiet{in, all, came}
		s.doors = append(s.doors, door)
		open = append(open, door)
		bound = append(bound, in.Addr().(*net.TCPAddr).AddrPort())
	}
	return open, bound, nil
}

// quiet may have been closed by the http.Server that served it.
type quiet struct {
	*net.TCPListener
	crowd *crowd
	came  func()
}

func (q quiet) Close() error {
	if err := q.TCPListener.Close(); !errors.Is(err, net.ErrClosed) {
		return err //nolint:wrapcheck // names the address
	}
	return nil
}

// Accept goes on where Forget has interrupted it, and closes what is too much.
func (q quiet) Accept() (net.Conn, error) {
	for {
		c, err := q.TCPListener.Accept()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			wash.Stack()
			time.Sleep(time.Millisecond)
		case err != nil:
			return nil, err //nolint:wrapcheck // as it is
		default:
			q.came()
			if in := q.crowd.enter(c); in != nil {
				return in, nil
			}
			_ = c.Close()
		}
	}
}

// Forget wipes what is left of the last visitor.
func (q quiet) Forget() { tcp.ForgetListener(q.TCPListener) }

func (s *server) serveAll(open []net.Listener, web *http.Server, t *tls.Config) {
	web.TLSConfig = t
	for _, in := range open {
		s.wait.Go(func() { s.serveWeb(in, web, t) })
	}
}

// serveWeb is told about TLS: net/http fills in the one of http.Server
// as soon as the first listener runs.
func (s *server) serveWeb(in net.Listener, web *http.Server, t *tls.Config) {
	var err error
	if t != nil {
		err = web.ServeTLS(in, "", "")
	} else {
		err = web.Serve(in)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		s.failed <- fmt.Errorf("serve HTTP on %s: %w", in.Addr(), err)
	}
}
