package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"watertight/server/authdns"
)

// topology says which parts of the companion are elsewhere.
type topology struct {
	report, key, root string // a node: the API, our keys, who vouches for it
	plain             bool
	keys              string         // an API: the nodes' keys
	ns                []authdns.Pair // of all name servers
	api               authdns.Pair   // where websites' names lead
}

// Errors of these flags.
var (
	errReportURL   = errors.New("want the API, such as https://leak.example.org")
	errReportPlain = errors.New("want https://, or --report-plain if nobody can listen on the way")
	errReportKey   = errors.New("--report needs --report-key, a file that keygen makes")
	errReportAPI   = errors.New("--report needs --api, the addresses to which the zone's own name, ip4 and ip6 lead")
	errReportHTTP  = errors.New("--report and --http exclude each other: what a node has seen is read at the API")
	errReportAlone = errors.New("--report-key, --report-root and --report-plain need --report")
	errReportBoth  = errors.New("--report and --report-keys exclude each other: a node sends, an API receives")
	errReportCert  = errors.New("--report goes without --acme and --tls-cert: a node serves no website")
	errNSCount     = errors.New("--ns is given once for each name server of the zone, two to eight times")
	errNSFamilies  = errors.New("want an address of each family that --ip4 and --ip6 give")
	errNSACME      = errors.New("--acme proves the zone by this very name server: with --ns give --tls-cert")
	errPair        = errors.New("want one IPv4 or IPv6 address, or one of each, separated by a comma")
)

const maxServers = 8

func (t *topology) flags(fs *flag.FlagSet) {
	fs.StringVar(&t.report, "report", "", "be a node: serve no API, and send what is seen to the API at this `URL`")
	fs.StringVar(&t.key, "report-key", "", "`file` of keys, of which the last signs what a node sends; keygen makes it")
	fs.StringVar(&t.root, "report-root", "", "PEM `file` of the root that vouches for that API (default: the system's)")
	fs.BoolVar(&t.plain, "report-plain", false, "let that URL be http://, which whoever is on the way can read")
	fs.StringVar(&t.keys, "report-keys", "", "`file` of keys: the API takes what nodes send that have one of them")
	fs.Func("ns", "`addresses` of one name server of the zone; given for each, in the order of ns1, ns2 and so on (default: this host is both)", func(s string) error {
		p, err := parsePair(s)
		t.ns = append(t.ns, p)
		return err
	})
	fs.Func("api", "`addresses` of the API, to which the zone's own name, ip4 and ip6 lead (default: this host's)", func(s string) (err error) {
		t.api, err = parsePair(s)
		return err
	})
}

func parsePair(s string) (p authdns.Pair, err error) {
	list, err := addressList(s)
	if err != nil {
		return p, err
	}
	for _, a := range list {
		to := &p.V4
		if a.Is6() {
			to = &p.V6
		}
		if to.IsValid() || a.Is4In6() || a.Zone() != "" || a.IsUnspecified() || a.IsMulticast() {
			return authdns.Pair{}, errPair
		}
		*to = a
	}
	return p, nil
}

// isNode: it has eyes, and its mouth is elsewhere.
func (t topology) isNode() bool { return t.report != "" }

func (c config) checkNodes(given map[string]bool) error {
	t := c.nodes
	if len(t.ns) == 1 || len(t.ns) > maxServers {
		return errNSCount
	}
	for _, p := range t.ns {
		if p.V4.IsValid() != c.ip4.IsValid() || p.V6.IsValid() != c.ip6.IsValid() {
			return fmt.Errorf("flag -ns: %w", errNSFamilies)
		}
	}
	certified := c.tlsCert != "" || c.acme.email != ""
	switch {
	case len(t.ns) > 0 && c.acme.email != "":
		return errNSACME
	case !t.isNode() && (t.key != "" || t.root != "" || t.plain):
		return errReportAlone
	case !t.isNode():
		return nil
	case given["http"] && len(c.http) > 0:
		return errReportHTTP
	case t.keys != "":
		return errReportBoth
	case certified:
		return errReportCert
	case t.key == "":
		return errReportKey
	case t.api == (authdns.Pair{}):
		return errReportAPI
	}
	return t.checkURL()
}

func (t topology) checkURL() error {
	u, err := url.Parse(t.report)
	if err == nil && (u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && u.Scheme != "http") {
		err = errReportURL
	}
	if err == nil && u.Scheme == "http" && !t.plain && !loopback(u.Hostname()) {
		err = errReportPlain
	}
	if err != nil {
		return fmt.Errorf("invalid value %q for flag -report: %w", t.report, err)
	}
	return nil
}

func loopback(host string) bool {
	a := net.ParseIP(host)
	return a != nil && a.IsLoopback()
}

// list of those that are there, IPv4 first.
func list(p authdns.Pair) []netip.Addr {
	out := []netip.Addr{}
	for _, a := range []netip.Addr{p.V4, p.V6} {
		if a.IsValid() {
			out = append(out, a)
		}
	}
	return out
}

// servers are the addresses of ns1, ns2 and so on.
func (c config) servers() [][]netip.Addr {
	if len(c.nodes.ns) == 0 {
		return [][]netip.Addr{c.addresses(), c.addresses()}
	}
	var out [][]netip.Addr
	for _, p := range c.nodes.ns {
		out = append(out, list(p))
	}
	return out
}

// web are the addresses of the API.
func (c config) web() []netip.Addr {
	if c.nodes.api == (authdns.Pair{}) {
		return c.addresses()
	}
	return list(c.nodes.api)
}

// families are those that a client can reach the API by.
func (c config) families() []int {
	out := []int{}
	for _, a := range c.web() {
		if a.Is4() {
			out = append(out, 4)
		} else {
			out = append(out, 6)
		}
	}
	return out
}
