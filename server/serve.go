package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"watertight/server/acme"
	"watertight/server/api"
	"watertight/server/authdns"
	"watertight/server/check"
	"watertight/server/dnssec"
	"watertight/server/panics"
	"watertight/server/report"
	"watertight/server/report/outbox"
	"watertight/server/sightings"
	"watertight/server/turnd"
)

// server is all that runs.
type server struct {
	config config
	counts *counts
	guard  guard
	pacer  *api.Pacer // of the API; nil on a node
	key    *dnssec.Key
	web    *http.Server
	inside *http.Server  // metrics and health
	tls    *tls.Config   // of our HTTP listeners, or nil
	files  *certificate  // where it comes from files
	orders *acme.Manager // where it comes from an authority
	roots  *x509.CertPool
	// An API has a table and networks, a node an outbox.
	table    *sightings.Table
	networks *networks
	box      *outbox.Outbox
	keys     *reportKeys    // of reports; nil where none are sent or taken
	failed   chan error     // a listener that ended by itself
	done     chan struct{}  // closed: streams end
	hup      chan os.Signal // SIGHUP: files are read again
	cancel   context.CancelFunc
	wait     sync.WaitGroup
	ending   atomic.Bool

	closers         []io.Closer // of DNS, STUN and TURN
	doors           []quiet     // of HTTP
	dns, stun, http []netip.AddrPort
	turn, metrics   []netip.AddrPort
}

// start opens every listener or none.
func start(c config, stderr io.Writer) (*server, error) {
	key, err := c.signingKey()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &server{config: c, counts: newCounts(), key: key, done: make(chan struct{}), hup: make(chan os.Signal, 1), failed: make(chan error, len(c.http)+len(c.metrics)), cancel: cancel}
	signal.Notify(s.hup, syscall.SIGHUP) // before a file is read: what is written after that is read again
	see, err := s.open(stderr)
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	proofs := new(acme.Challenges)
	zone, err := authdns.New(authdns.Config{
		Zone: c.zone, IPv4: c.ip4, IPv6: c.ip6, Servers: c.nodes.ns, Web: c.nodes.api,
		Key: key, CAA: c.caa, Text: c.txt, Challenges: proofs.Texts, Record: see.Record,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start DNS: %w", err), s.stop())
	}
	teller := panics.NewTeller(stderr)
	broken := func(where string) {
		s.counts.panics.Add()
		teller.Tell(where)
	}
	paths := turnd.New(see.RecordPath)
	if err := s.listen(zone, paths, broken); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	public, inside, err := s.openBoth()
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := dropPrivileges(c.user); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := s.order(proofs, stderr); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if s.table != nil {
		s.wait.Go(func() { s.table.Run(ctx) })
		handler := s.newAPI(broken)
		s.pacer = api.Paced(c.rate, handler)
		s.web = newWeb(s.counts.web(s.pacer))
		s.serveAll(public, s.web, s.tls)
		s.gauges(handler)
	}
	s.counts.all.Process()
	s.inside = s.newInside()
	s.serveAll(inside, s.inside, nil)
	s.wait.Go(func() { s.forget(ctx) })
	s.wait.Go(func() { s.renew(ctx, s.networks, stderr) })
	return s, nil
}

// open reads all files, while this process may (see dropPrivileges), and finds out where
// the sightings go: into a table, or to an API elsewhere.
func (s *server) open(stderr io.Writer) (seer, error) {
	if err := s.readCertificates(); err != nil {
		return nil, err
	}
	if s.config.nodes.isNode() {
		return s.openOutbox(stderr)
	}
	var err error
	if s.networks, err = openNetworks(s.config.data, s.config.networks); err != nil {
		return nil, err
	}
	if file := s.config.nodes.keys; file != "" {
		if s.keys, err = openReportKeys(file, "report-keys"); err != nil {
			return nil, err
		}
	}
	s.table = sightings.New(sightings.Options{})
	return s.table, nil
}

// newAPI tells what is in the table.
func (s *server) newAPI(broken func(where string)) *api.Handler {
	c := s.config
	o := api.Options{
		Zone: c.zone, Families: c.families(), Addresses: c.addresses(), Version: version(),
		Networks: s.networks, Table: s.table, StreamLife: c.streamLife, Done: s.done, Broken: broken,
	}
	if len(c.nodes.ns) > 0 { // STUN is there, on the usual ports
		o.Addresses, o.STUNPort, o.TURNPort = list(c.nodes.ns[0]), stunPort, stunPort+1
	}
	if len(s.stun) > 0 {
		o.STUNPort = int(s.stun[0].Port())
	}
	if len(s.turn) > 0 {
		o.TURNPort = int(s.turn[0].Port())
	}
	if s.keys != nil {
		receiver := report.NewReceiver(s.table, nil)
		o.Report = report.NewHandler(receiver, s.keys.get)
		s.counts.all.Gauge("watertight_report_nodes", "Nodes that have reported in the last minutes.", func() float64 { return float64(receiver.Nodes()) })
	}
	return api.New(o)
}

// openBoth opens what speaks HTTP: for everybody, and for the operator.
func (s *server) openBoth() (public, inside []net.Listener, err error) {
	if public, s.http, err = s.openWeb("http", s.config.http, s.counts.stirs.Add); err != nil {
		return nil, nil, err
	}
	inside, s.metrics, err = s.openWeb("metrics", s.config.metrics, func() {}) // the operator is no visitor
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
	if s.box != nil {
		fmt.Fprintln(&b, "reports to", s.config.nodes.report, "with key", s.keys.get().Signer())
	}
	fmt.Fprintln(&b, "ds", oneLine(s.key.DS(signedZone(s.config.zone))))
	if s.config.onInternet() {
		for _, record := range check.Records(s.config.zone, s.config.servers()) {
			fmt.Fprintln(&b, "registrar", record)
		}
	}
	return b.String()
}
