package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"watertight/server/authdns"
)

// config is the command line, checked.
type config struct {
	zone            string
	ip4, ip6        netip.Addr
	dns, stun, http listeners
	turn, metrics   listeners
	networks, data  string
	tlsCert, tlsKey string
	acme            authority
	nodes           topology
	dnssecKey       string
	rate            uint
	user            string
	caa, txt        []string
	version         bool
	streamLife      time.Duration // no flag: 0 is the API's own; a test that opens thousands on a busy machine takes longer
}

// Errors of the command line.
var (
	errAddress   = errors.New("want HOST:PORT with a numeric address, such as 127.0.0.1:8053, [::1]:8053 or :8053")
	errTwice     = errors.New("given twice")
	errFamily4   = errors.New("want an IPv4 address, such as 192.0.2.1")
	errFamily6   = errors.New("want an IPv6 address, such as 2001:db8::1")
	errTLSPair   = errors.New("--tls-cert and --tls-key go together")
	errArguments = errors.New("takes flags only")
	errNothing   = errors.New("--http is empty: without it the companion cannot be asked anything")
)

// addrFlag is one address of one family; empty means that the family is not
// offered.
type addrFlag struct {
	to   *netip.Addr
	want func(netip.Addr) bool
	err  error
	set  *bool
}

func (f addrFlag) String() string {
	if f.to == nil || !f.to.IsValid() {
		return ""
	}
	return f.to.String()
}

func (f addrFlag) Set(s string) error {
	*f.set = true
	if s == "" {
		*f.to = netip.Addr{}
		return nil
	}
	a, err := netip.ParseAddr(s)
	if err != nil || !f.want(a) || a.Zone() != "" || a.IsUnspecified() || a.IsMulticast() {
		return f.err
	}
	*f.to = a
	return nil
}

// defaultZone is under a name that can never be delegated (RFC 6761 §6.2).
const defaultZone = "watertight.test"

// defaultRate is of answers, a second and prefix. A resolver farm that
// serves a country asks us for some ten names per check.
const defaultRate = 1000

// parse reads the command line. What is not given is for trying things out on
// this machine: loopback only.
// more adds the flags of a subcommand.
func parse(args []string, help io.Writer, more ...func(*flag.FlagSet)) (config, error) {
	c := config{
		zone: defaultZone,
		ip4:  netip.MustParseAddr("127.0.0.1"), ip6: netip.IPv6Loopback(),
		dns:  listeners{at("127.0.0.1:8054")},
		stun: must(listeners{at("127.0.0.1:3478"), at("[::1]:3478")}, false, true),
		http: must(listeners{at("127.0.0.1:8053"), at("[::1]:8053")}, false, true),
	}
	var set4, set6 bool
	fs := flag.NewFlagSet("watertight-server", flag.ContinueOnError)
	fs.SetOutput(io.Discard) // run prints errors, once
	fs.StringVar(&c.zone, "zone", c.zone, "the `name` that is delegated to this server")
	fs.Var(addrFlag{&c.ip4, netip.Addr.Is4, errFamily4, &set4}, "ip4", "public IPv4 `address` of this host, to publish in the zone")
	fs.Var(addrFlag{&c.ip6, func(a netip.Addr) bool { return a.Is6() && !a.Is4In6() }, errFamily6, &set6}, "ip6", "public IPv6 `address` of this host")
	fs.Var(&c.dns, "dns", "`addresses` for DNS over UDP and TCP, separated by commas")
	fs.Var(&c.stun, "stun", "`addresses` for STUN (the DNS addresses answer it too)")
	fs.Var(&c.turn, "turn", "`addresses` for TURN over UDP and TCP, which attests paths and never relays (default: one port above each of --stun)")
	fs.Var(&c.http, "http", "`addresses` for the HTTP API (HTTPS with --tls-cert)")
	fs.Var(&c.metrics, "metrics", "`addresses` for Prometheus metrics and health, for the operator alone (default: none)")
	fs.StringVar(&c.networks, "networks", "", "CSV `file` of networks: prefix,asn,org,country[,kind]")
	fs.StringVar(&c.data, "data", "", "`file` of newer open data about networks (default: what is built in)")
	fs.StringVar(&c.tlsCert, "tls-cert", "", "PEM `file` with the certificate chain")
	fs.StringVar(&c.tlsKey, "tls-key", "", "PEM `file` with the private key")
	c.acme.flags(fs)
	c.nodes.flags(fs)
	fs.StringVar(&c.dnssecKey, "dnssec-key", "", "PEM `file` with the key of the signed names (default: a key of its own at every start)")
	fs.UintVar(&c.rate, "rate", defaultRate, "answers a second for one /24 or /56, over UDP and over TCP, 0 for no `limit`")
	fs.Func("caa", "`name` of a certificate authority that may issue for the zone and below, \";\" for none; may be repeated (default: all may)", func(s string) error {
		c.caa = append(c.caa, s)
		return authdns.CheckIssuer(s) //nolint:wrapcheck // flag adds its name
	})
	fs.Func("txt", "`text` to publish at the zone's own name, such as a contact; may be repeated", func(s string) error {
		c.txt = append(c.txt, s)
		return authdns.CheckText(s) //nolint:wrapcheck // as above
	})
	fs.StringVar(&c.user, "user", "", "`name` to become as soon as the ports are open and the files are read, if the command is started as root")
	fs.BoolVar(&c.version, "version", false, "print the version and exit")
	for _, add := range more {
		add(fs)
	}
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(help, "usage: watertight-server [flags]")
			fs.SetOutput(help)
			fs.PrintDefaults()
		}
		return c, err //nolint:wrapcheck // flag's errors name the flag and the value
	}
	if fs.NArg() > 0 {
		return c, fmt.Errorf("unexpected argument %q: the command %w", fs.Arg(0), errArguments)
	}
	// Who publishes a real address of one family must not publish the loopback
	// default of the other.
	if set4 && !set6 {
		c.ip6 = netip.Addr{}
	}
	if set6 && !set4 {
		c.ip4 = netip.Addr{}
	}
	given := make(map[string]bool)
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if (c.tlsCert != "" || c.acme.email != "" || c.nodes.isNode()) && (set4 || set6) || len(more) > 0 {
		c.public(given)
	}
	if c.nodes.isNode() && !given["http"] {
		c.http = nil
	}
	if !given["turn"] {
		c.turn = above(c.stun)
	}
	c.zone = strings.ToLower(strings.TrimSuffix(c.zone, "."))
	if err := c.check(len(more) == 0); err != nil {
		return c, err
	}
	return c, c.checkNodes(given)
}

// public puts what was not given on the usual ports of the published addresses: who
// has a certificate and an address means the Internet.
func (c *config) public(given map[string]bool) {
	for _, x := range []struct {
		flag string
		list *listeners
		port uint16
	}{{"dns", &c.dns, dnsPort}, {"stun", &c.stun, stunPort}, {"http", &c.http, httpsPort}} {
		if given[x.flag] {
			continue
		}
		*x.list = nil
		for _, a := range c.addresses() {
			*x.list = append(*x.list, listener{AddrPort: netip.AddrPortFrom(a, x.port)})
		}
	}
}

// Ports that the Internet knows.
const dnsPort, stunPort, httpsPort = 53, 3478, 443

// check of what does not go together. Who does not serve, but looks at one who does,
// needs no place for its files.
func (c config) check(serves bool) error {
	if err := authdns.CheckZone(c.zone); err != nil {
		return fmt.Errorf("invalid value %q for flag -zone: %w", c.zone, err)
	}
	if !c.ip4.IsValid() && !c.ip6.IsValid() {
		return fmt.Errorf("flags -ip4 and -ip6: %w", authdns.ErrAddresses)
	}
	if (c.tlsCert == "") != (c.tlsKey == "") {
		return errTLSPair
	}
	if len(c.http) == 0 && !c.nodes.isNode() {
		return errNothing
	}
	return c.acme.check(c.tlsCert != "", serves)
}

// addresses are those that the zone publishes.
func (c config) addresses() []netip.Addr {
	list := []netip.Addr{}
	for _, a := range []netip.Addr{c.ip4, c.ip6} {
		if a.IsValid() {
			list = append(list, a)
		}
	}
	return list
}
