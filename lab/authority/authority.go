// Package authority is a certificate authority on the lab's Internet, which the
// companion gets its certificates from as it would from a real one: pebble, the test
// server of Let's Encrypt. It looks names up at the companion (RFC 8555 §8.4), and
// makes new roots whenever it starts.
package authority

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"watertight/lab/ca"
	"watertight/lab/isolate"
	"watertight/lab/scenario"
	"watertight/lab/service"
	"watertight/lab/web"
)

// Machine is where it runs.
const Machine = "authority"

// Ports of its two web servers, which are pebble's own by default.
const (
	ordersPort     = 14000
	managementPort = 15000
)

// Authority is one that runs.
type Authority struct {
	root []byte // DER
}

// Directory is where orders begin (RFC 8555 §7.1.1).
func Directory() string { return "https://" + at(ordersPort).String() + "/dir" }

func at(port uint16) netip.AddrPort { return netip.AddrPortFrom(scenario.AuthorityAddr, port) }

// Config is pebble's, with the certificate of its own web servers. Without a time to
// come back, who orders asks again four times a second.
func Config(own ca.Files) ([]byte, error) {
	b, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": at(ordersPort).String(), "managementListenAddress": at(managementPort).String(),
		"certificate": own.Cert, "privateKey": own.Key, "keyAlgorithm": "ecdsa",
		"httpPort": 80, "tlsPort": 443, // of proofs that nobody here offers
	}})
	if err != nil {
		return nil, fmt.Errorf("write authority's config: %w", err)
	}
	return b, nil
}

// Start starts it and waits until it tells its root. The lab's CA vouches for its web
// servers: what it issues must not vouch for itself.
func Start(ctx context.Context, binary string, lab *ca.CA) (*Authority, error) {
	files, err := lab.Issue(Machine, []netip.Addr{scenario.AuthorityAddr})
	if err != nil {
		return nil, err
	}
	config, err := Config(files)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(isolate.Temp, "authority.json")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		return nil, fmt.Errorf("write authority's config: %w", err)
	}
	resolver := netip.AddrPortFrom(scenario.Companion, 53).String()
	s, err := service.Start(service.Spec{Name: Machine, Machine: Machine, Args: []string{binary, "-config", file, "-dnsserver", resolver},
		Env: []string{"PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0"}}) // it wastes time on purpose otherwise
	if err != nil {
		return nil, err
	}
	a := new(Authority)
	management := web.Server{At: at(managementPort), Roots: lab.Pool()}
	return a, s.Ready(ctx, func() error {
		text, err := management.Get(Machine, "/roots/0")
		if err != nil {
			return err //nolint:wrapcheck // asked again
		}
		a.root, err = parse(text)
		return err
	})
}

var errRoot = errors.New("the authority tells no root")

func parse(text []byte) ([]byte, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errRoot
	}
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		return nil, fmt.Errorf("%w: %w", errRoot, err)
	}
	return block.Bytes, nil
}

// Root is the certificate that everything it issues leads to.
func (a *Authority) Root() []byte { return a.root }

// Pool trusts it, and nobody else.
func (a *Authority) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(a.PEM())
	return pool
}

// PEM is the root as programs read it.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.root})
}
