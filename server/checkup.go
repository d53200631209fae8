package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"watertight/server/check"
)

var (
	errNotPublic = errors.New("check needs --zone and --ip4 or --ip6, as the server is started")
	errWrong     = errors.New("something is wrong")
	errAddrs     = errors.New("want addresses such as 192.0.2.53, separated by commas")
	errRoots     = errors.New("no certificate in it")
)

// checkPort of the name servers above and of resolvers; tests have no right to 53.
var checkPort uint16 = dnsPort

// checkUp looks at a server that runs, with the flags that it was started with.
func checkUp(ctx context.Context, args []string, stdout io.Writer) error {
	var roots, resolver, authority string
	c, err := parse(args, stdout, func(fs *flag.FlagSet) {
		fs.StringVar(&roots, "root", "", "`addresses` of the DNS root's servers, where it is not the Internet's")
		fs.StringVar(&resolver, "resolver", "", "`address` of the resolver that looks from outside (default: the system's)")
		fs.StringVar(&authority, "authority", "", "PEM `file` of the certificate authority to believe, instead of the system's")
	})
	if err != nil {
		return usageError{err}
	}
	if !c.onInternet() && roots == "" {
		return usageError{errNotPublic}
	}
	up := check.Config{
		Zone: c.zone, IPv4: c.ip4, IPv6: c.ip6, Servers: c.servers(), Web: c.web(),
		DNS: c.dns.port(), STUN: c.stun.port(), TURN: c.turn.port(), HTTP: c.http.port(), Nodes: c.hasNodes(),
		Roots: check.Roots, Port: checkPort, Resolver: check.Resolver("/etc/resolv.conf"),
		Now: time.Now, Here: check.Here, Clock: check.Clock,
	}
	if c.nodes.isNode() {
		up.HTTP = httpsPort
	}
	if roots != "" {
		if up.Roots, err = addressList(roots); err != nil {
			return usageError{fmt.Errorf("invalid value %q for flag -root: %w", roots, err)}
		}
	}
	if resolver != "" {
		list, err := addressList(resolver)
		if err != nil || len(list) != 1 {
			return usageError{fmt.Errorf("invalid value %q for flag -resolver: %w", resolver, errAddrs)}
		}
		up.Resolver = netip.AddrPortFrom(list[0], checkPort)
	}
	if authority != "" {
		if up.Authority, err = readRoots(authority); err != nil {
			return fmt.Errorf("flag -authority: %w", err)
		}
	}
	if check.Run(ctx, up, func(l check.Line) { fmt.Fprintln(stdout, l) }) {
		return errWrong
	}
	return nil
}

func addressList(s string) (list []netip.Addr, err error) {
	for part := range strings.SplitSeq(s, ",") {
		a, err := netip.ParseAddr(strings.TrimSpace(part))
		if err != nil {
			return nil, errAddrs
		}
		list = append(list, a)
	}
	return list, nil
}

// hasNodes: others see for it, and so may not it itself.
func (c config) hasNodes() bool {
	return !c.nodes.isNode() && (c.nodes.keys != "" || len(c.nodes.ns) > 0)
}

// onInternet: the zone is published with an address that others can reach.
func (c config) onInternet() bool {
	for _, a := range c.addresses() {
		if a.IsLoopback() {
			return false
		}
	}
	return true
}

// port of the first address; 0 is none.
func (l listeners) port() uint16 {
	if len(l) == 0 {
		return 0
	}
	return l[0].Port()
}
