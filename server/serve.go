package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"watertight/server/api"
	"watertight/server/asn"
	"watertight/server/authdns"
	"watertight/server/check"
	"watertight/server/dnssec"
	"watertight/server/sightings"
	"watertight/server/turnd"
	"watertight/server/udp"
)

const (
	// headerTime and headerBytes: our own client sends 1 kB at once.
	headerTime  = 5 * time.Second
	headerBytes = 8 << 10
	// requestTime covers everything but streams, which set their own deadlines.
	requestTime = 10 * time.Second
	idleTime    = 60 * time.Second
	// stopTime: streams end at once when told, so this is for stuck peers.
	stopTime = 5 * time.Second
)

// server is all that runs.
type server struct {
	config config
	key    *dnssec.Key
	web    *http.Server
	tls    *tls.Config   // of our HTTP listeners, or nil
	failed chan error    // a listener that ended by itself
	done   chan struct{} // closed: streams end
	cancel context.CancelFunc
	wait   sync.WaitGroup

	closers         []io.Closer
	dns, stun, http []netip.AddrPort
	turn            []netip.AddrPort
}

// start opens every listener or none.
func start(c config, stderr io.Writer) (*server, error) {
	networks, err := openNetworks(c.networks)
	if err != nil {
		return nil, err
	}
	key, err := c.signingKey()
	if err != nil {
		return nil, err
	}
	table := sightings.New(sightings.Options{})
	zone, err := authdns.New(authdns.Config{Zone: c.zone, IPv4: c.ip4, IPv6: c.ip6, Key: key, CAA: c.caa, Text: c.txt, Record: table.Record})
	if err != nil {
		return nil, fmt.Errorf("start DNS: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{config: c, key: key, done: make(chan struct{}), failed: make(chan error, len(c.http)), cancel: cancel}
	s.wait.Go(func() { table.Run(ctx) })
	broken := func(where string) { fmt.Fprintln(stderr, "watertight-server: a packet was dropped: panic in", where) }
	paths := turnd.New(table.RecordPath)
	if err := s.listen(zone, paths, broken); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	options := api.Options{
		Zone: c.zone, Families: c.families(), Addresses: c.addresses(), Version: version(),
		Networks: networks, Table: table, Done: s.done,
	}
	if len(s.stun) > 0 {
		options.STUNPort = int(s.stun[0].Port())
	}
	if len(s.turn) > 0 {
		options.TURNPort = int(s.turn[0].Port())
	}
	if err := s.listenHTTP(api.New(options)); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func openNetworks(file string) (*asn.Table, error) {
	t, err := asn.Open()
	if err != nil {
		return nil, fmt.Errorf("open embedded networks: %w", err)
	}
	if file == "" {
		return t, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("flag -networks: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	if err := t.AddFile(file, f); err != nil {
		return nil, fmt.Errorf("flag -networks: %w", err)
	}
	return t, nil
}

// signingKey is a fresh one without a file: enough for a lab, whose resolvers are
// told of it.
func (c config) signingKey() (*dnssec.Key, error) {
	if c.dnssecKey == "" {
		return dnssec.Generate() //nolint:wrapcheck // says what failed
	}
	k, err := readKey(c.dnssecKey)
	if err != nil {
		return nil, fmt.Errorf("flag -dnssec-key: %w", err)
	}
	return k, nil
}

func (s *server) listenHTTP(h http.Handler) error {
	s.web = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      requestTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          log.New(io.Discard, "", 0), // its lines hold addresses of users
	}
	if s.config.tlsCert != "" {
		c, err := newCertificate(s.config.tlsCert, s.config.tlsKey)
		if err != nil {
			return fmt.Errorf("flags -tls-cert and -tls-key: %w", err)
		}
		s.tls = c.config()
		s.web.TLSConfig = s.tls
	}
	for _, l := range s.config.http {
		in, err := net.ListenTCP(udp.Network("tcp", l.Addr()), net.TCPAddrFromAddrPort(l.AddrPort))
		if l.missing(err) {
			continue
		}
		if err != nil {
			return fmt.Errorf("flag -http: %s: %w", l.text(), err)
		}
		s.http = append(s.http, in.Addr().(*net.TCPAddr).AddrPort())
		s.wait.Go(func() { s.serveHTTP(in) })
	}
	return nil
}

// serveHTTP asks our own field for TLS: net/http fills in the one of http.Server
// as soon as the first listener runs.
func (s *server) serveHTTP(in net.Listener) {
	var err error
	if s.tls != nil {
		err = s.web.ServeTLS(in, "", "")
	} else {
		err = s.web.Serve(in)
	}
	if !errors.Is(err, http.ErrServerClosed) {
		s.failed <- fmt.Errorf("serve HTTP on %s: %w", in.Addr(), err)
	}
}

// stop ends the streams, lets requests finish, and closes everything.
func (s *server) stop() error {
	close(s.done)
	var errs []error
	if s.web != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopTime)
		defer cancel()
		if err := s.web.Shutdown(ctx); err != nil {
			errs = append(errs, s.web.Close())
		}
	}
	for _, c := range s.closers {
		errs = append(errs, c.Close())
	}
	s.cancel()
	s.wait.Wait()
	return errors.Join(errs...)
}

// describe says where we listen: our own addresses, never anybody else's.
func (s *server) describe() string {
	var b strings.Builder
	line := func(what string, addrs []netip.AddrPort) {
		for _, a := range addrs {
			fmt.Fprintf(&b, "%s %s\n", what, a)
		}
	}
	fmt.Fprintln(&b, "zone", s.config.zone)
	line("dns", s.dns)
	line("stun", s.stun)
	line("turn", s.turn)
	if s.tls != nil {
		line("https", s.http)
	} else {
		line("http", s.http)
	}
	fmt.Fprintln(&b, "ds", oneLine(s.key.DS(signedZone(s.config.zone))))
	if s.config.onInternet() {
		for _, record := range check.Records(s.config.zone, s.config.ip4, s.config.ip6) {
			fmt.Fprintln(&b, "registrar", record)
		}
	}
	return b.String()
}
