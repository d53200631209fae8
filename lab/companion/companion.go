// Package companion starts the project's own server in the lab, as the
// authority for its zone on the lab's Internet.
package companion

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"maps"

	"watertight/lab/authority"
	"watertight/lab/ca"
	"watertight/lab/isolate"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// Machine is where it runs.
const Machine = "companion"

// Ports of its API.
const (
	httpPort  = 80
	httpsPort = 443
)

// Companion is one that runs.
type Companion struct {
	roots *x509.CertPool // who vouches for it; nil: it speaks HTTP
}

// Options are what it is started with.
type Options struct {
	Binary    string
	Operators map[string]scenario.Operator
	// Authority issues its certificates, and CA vouches for that one's web server;
	// without an authority it speaks HTTP.
	Authority *authority.Authority
	CA        *ca.CA
	// Nodes are the addresses of the name servers, each a machine of its own, in whose
	// place the companion answers HTTP only; none is a companion that does all itself.
	Nodes [][]netip.Addr
	// Worker is the command that runs the API as a Cloudflare Worker, in the place of
	// the server's; it needs nodes, since a Worker has no DNS and no STUN.
	Worker []string
	Flags  []string // more
}

// Networks is the scenario's world for the companion: whose prefix is whose.
func Networks(operators map[string]scenario.Operator) string {
	var b strings.Builder
	b.WriteString("# prefix,asn,org,country,kind\n")
	for _, name := range slices.Sorted(maps.Keys(operators)) {
		o := operators[name]
		for _, prefix := range o.Prefixes {
			fmt.Fprintf(&b, "%s,%d,%s,%s,%s\n", prefix, o.ASN, o.Org, o.Country, o.Kind)
		}
	}
	return b.String()
}

// at is a port of its addresses, as the server's flags want it.
func at(port uint16) string {
	return netip.AddrPortFrom(scenario.Companion, port).String() + "," + netip.AddrPortFrom(scenario.Companion6, port).String()
}

// Args are the server's flags in the lab.
func Args(binary, networks string) []string {
	return []string{binary, "--zone", scenario.Zone,
		"--ip4", scenario.Companion.String(), "--ip6", scenario.Companion6.String(),
		"--dns", at(53), "--stun", at(3478), "--http", at(httpPort), "--networks", networks}
}

// SecureArgs are those that come after for one that speaks HTTPS only. What the
// operator alone may ask tells the lab which versions of HTTP were spoken.
func SecureArgs(root string) []string {
	return []string{"--http", at(httpsPort), "--metrics", metrics.String(),
		"--acme", "operator@" + scenario.Zone, "--acme-dir", filepath.Join(isolate.Temp, "acme"), "--acme-ca", authority.Directory(), "--acme-root", root}
}

// Start starts the companion and waits for its API.
func Start(ctx context.Context, o Options) (*Companion, error) {
	file := filepath.Join(isolate.Temp, "networks.csv")
	if err := os.WriteFile(file, []byte(Networks(o.Operators)), 0o600); err != nil {
		return nil, fmt.Errorf("write networks: %w", err)
	}
	c := new(Companion)
	args := Args(o.Binary, file)
	if len(o.Nodes) > 0 {
		more, err := o.nodes(ctx)
		if err != nil {
			return nil, err
		}
		if args = append(args, more...); len(o.Worker) > 0 {
			return o.worker(ctx, file)
		}
	}
	if o.Authority != nil {
		c.roots = o.Authority.Pool()
		args = append(args, SecureArgs(o.CA.File())...)
	}
	server, err := service.Start(service.Spec{Name: Machine, Machine: Machine, Args: append(args, o.Flags...)})
	if err != nil {
		return nil, err
	}
	if o.Authority == nil {
		return c, server.Ready(ctx, func() error { return c.Get(Machine, "/v1/about", nil) })
	}
	return c, server.ReadyWithin(ctx, issueTime, c.certified)
}

// issueTime is for three orders on two busy cores; alone they take two seconds.
const issueTime = time.Minute

// certified: each of its certificates is there.
func (c *Companion) certified() error {
	for _, name := range []string{"", "ip4.", "valid.sig."} {
		if _, err := c.api(name+scenario.Zone).Get(Machine, "/v1/about"); err != nil {
			return err //nolint:wrapcheck // asked again
		}
	}
	return nil
}
