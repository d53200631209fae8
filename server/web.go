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
	"time"

	"watertight/server/udp"
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
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          log.New(io.Discard, "", 0), // its lines hold addresses of users
	}
}

func (s *server) listenHTTP(h http.Handler) error {
	s.web = newWeb(h)
	s.web.TLSConfig = s.tls
	var err error
	s.http, err = s.listenWeb("http", s.config.http, s.web, s.tls)
	return err
}

// listenWeb opens the listeners of one server.
func (s *server) listenWeb(flag string, list listeners, web *http.Server, t *tls.Config) (bound []netip.AddrPort, err error) {
	for _, l := range list {
		in, err := net.ListenTCP(udp.Network("tcp", l.Addr()), net.TCPAddrFromAddrPort(l.AddrPort))
		if l.missing(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("flag -%s: %s: %w", flag, l.text(), err)
		}
		bound = append(bound, in.Addr().(*net.TCPAddr).AddrPort())
		s.wait.Go(func() { s.serveWeb(in, web, t) })
	}
	return bound, nil
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
