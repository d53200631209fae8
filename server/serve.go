package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"watertight/server/acme"
	"watertight/server/api"
	"watertight/server/authdns"
	"watertight/server/check"
	"watertight/server/dnssec"
	"watertight/server/panics"
	"watertight/server/sightings"
	"watertight/server/turnd"
)

// stopTime: streams end at once when told, so this is for stuck peers.
const stopTime = 5 * time.Second

// server is all that runs.
type server struct {
	config config
	counts *counts
	guard  guard
	key    *dnssec.Key
	web    *http.Server
	inside *http.Server  // metrics and health
	tls    *tls.Config   // of our HTTP listeners, or nil
	files  *certificate  // where it comes from files
	orders *acme.Manager // where it comes from an authority
	failed chan error    // a listener that ended by itself
	done   chan struct{} // closed: streams end
	cancel context.CancelFunc
	wait   sync.WaitGroup
	ending atomic.Bool

	closers         []io.Closer
	dns, stun, http []netip.AddrPort
	turn, metrics   []netip.AddrPort
}

// start opens every listener or none.
func start(c config, stderr io.Writer) (*server, error) {
	networks, err := openNetworks(c.data, c.networks)
	if err != nil {
		return nil, err
	}
	key, err := c.signingKey()
	if err != nil {
		return nil, err
	}
	table := sightings.New(sightings.Options{})
	proofs := new(acme.Challenges)
	zone, err := authdns.New(authdns.Config{Zone: c.zone, IPv4: c.ip4, IPv6: c.ip6, Key: key, CAA: c.caa, Text: c.txt, Challenges: proofs.Texts, Record: table.Record})
	if err != nil {
		return nil, fmt.Errorf("start DNS: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{config: c, counts: newCounts(), key: key, done: make(chan struct{}), failed: make(chan error, len(c.http)+len(c.metrics)), cancel: cancel}
	s.wait.Go(func() { table.Run(ctx) })
	teller := panics.NewTeller(stderr)
	broken := func(where string) {
		s.counts.panics.Add()
		teller.Tell(where)
	}
	paths := turnd.New(table.RecordPath)
	if err := s.listen(zone, paths, broken); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	options := api.Options{
		Zone: c.zone, Families: c.families(), Addresses: c.addresses(), Version: version(),
		Networks: networks, Table: table, Done: s.done, Broken: broken,
	}
	if len(s.stun) > 0 {
		options.STUNPort = int(s.stun[0].Port())
	}
	if len(s.turn) > 0 {
		options.TURNPort = int(s.turn[0].Port())
	}
	public, inside, err := s.openBoth()
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := dropPrivileges(c.user); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := s.certify(proofs, stderr); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	handler := api.New(options)
	s.web = newWeb(s.counts.web(paced(c.rate, handler)))
	s.serveAll(public, s.web, s.tls)
	s.gauges(table, handler, networks)
	s.inside = s.newInside()
	s.serveAll(inside, s.inside, nil)
	s.wait.Go(func() { s.forget(ctx) })
	s.wait.Go(func() { s.renew(ctx, networks, stderr) })
	return s, nil
}

// openBoth opens what speaks HTTP: for everybody, and for the operator.
func (s *server) openBoth() (public, inside []net.Listener, err error) {
	if public, s.http, err = s.openWeb("http", s.config.http); err != nil {
		return nil, nil, err
	}
	inside, s.metrics, err = s.openWeb("metrics", s.config.metrics)
	return public, inside, err
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

// stop ends the streams, lets requests finish, and closes everything.
func (s *server) stop() error {
	s.ending.Store(true)
	close(s.done)
	var errs []error
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	for _, web := range []*http.Server{s.web, s.inside} { // who watches, watches to the end
		if web == nil {
			continue
		}
		if err := web.Shutdown(ctx); err != nil {
			errs = append(errs, web.Close())
		}
	}
	if s.orders != nil {
		s.orders.Stop()
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
	line("metrics", s.metrics)
	fmt.Fprintln(&b, "ds", oneLine(s.key.DS(signedZone(s.config.zone))))
	if s.config.onInternet() {
		for _, record := range check.Records(s.config.zone, s.config.ip4, s.config.ip6) {
			fmt.Fprintln(&b, "registrar", record)
		}
	}
	return b.String()
}
