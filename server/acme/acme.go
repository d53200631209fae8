// Package acme gets the API's certificates from an authority, and renews them
// (RFC 8555). certmagic does the work; the proof that the names are ours is given by
// our own name server, so neither port 80 nor a DNS provider's password is needed.
package acme

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// LetsEncrypt is the authority if no other is named.
const LetsEncrypt = certmagic.LetsEncryptProductionCA

// Options of a Manager.
type Options struct {
	Zone      string
	Email     string // where the authority writes to
	Directory string // the authority's, a URL
	Roots     *x509.CertPool
	Folder    string // for keys and certificates
	// Say is told of certificates that came, and of those that did not: our own names
	// and the authority's words.
	Say func(string)
}

// Manager has the certificates.
type Manager struct {
	names  []string
	cache  *certmagic.Cache
	config *certmagic.Config
	cancel context.CancelFunc
}

// names of the certificates: wildcards, because each name costs one of the
// authority's budget, and because certificates are published (RFC 9162).
func names(zone string) []string { return []string{zone, "*." + zone, "*.sig." + zone} }

// Start looks for certificates in the folder, and gets what is missing in the
// background, again and again until it comes: it needs our own name server, which must
// be running, and the delegation.
func Start(o Options, c *Challenges) (*Manager, error) {
	m := newManager(o, c)
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	if err := m.begin(ctx); err != nil {
		m.Stop()
		return nil, fmt.Errorf("get certificates: %w", err)
	}
	return m, nil
}

// newManager has no certificate yet.
func newManager(o Options, c *Challenges) *Manager {
	m := &Manager{names: names(o.Zone), cancel: func() {}}
	nothing := zap.NewNop() // its lines are many, and hold addresses of clients
	m.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return m.config, nil },
		Logger:           nothing,
	})
	m.config = certmagic.New(m.cache, certmagic.Config{
		Storage: &certmagic.FileStorage{Path: o.Folder}, DefaultServerName: o.Zone, Logger: nothing,
		OnEvent: func(_ context.Context, event string, data map[string]any) error {
			tell(o.Say, event, data)
			return nil
		},
	})
	m.config.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(m.config, certmagic.ACMEIssuer{
		CA: o.Directory, Email: o.Email, Agreed: true, TrustedRoots: o.Roots, Logger: nothing,
		DNS01Solver: c, DisableHTTPChallenge: true, DisableTLSALPNChallenge: true,
	})}
	return m
}

// begin shows at once what is in the folder: certmagic would first ask the authority
// whether it is still good, and wait for minutes if that one is down.
func (m *Manager) begin(ctx context.Context) error {
	var missing []string
	for _, name := range m.names {
		c, err := m.config.CacheManagedCertificate(ctx, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, name)
		case err != nil:
			return fmt.Errorf("read certificate of %s: %w", name, err)
		case c.NeedsRenewal(m.config):
			go m.config.RenewCertAsync(ctx, name, false) //nolint:errcheck // tells of errors as events, and tries again
		}
	}
	return m.config.ManageAsync(ctx, missing) //nolint:wrapcheck // Start says what it was for
}

func tell(say func(string), event string, data map[string]any) {
	name, _ := data["identifier"].(string)
	switch event {
	case "cert_obtained":
		say("there is a new certificate for " + name)
	case "cert_failed":
		err, _ := data["error"].(error)
		say(fmt.Sprintf("no certificate for %s yet, and it will be tried again: %v", name, err))
	}
}

// Config is for the API's listeners.
func (m *Manager) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: m.config.GetCertificate}
}

var errNone = errors.New("no certificate yet")

// Expiry is when the first of the certificates ends; the error names those that are
// missing. Each is renewed by itself, so one can fail while the others are well.
func (m *Manager) Expiry() (first time.Time, err error) {
	var missing []string
	for _, name := range m.names {
		switch end := m.expiry(name); {
		case end.IsZero():
			missing = append(missing, name)
		case first.IsZero() || end.Before(first):
			first = end
		}
	}
	if len(missing) > 0 {
		return first, fmt.Errorf("%w for %s", errNone, strings.Join(missing, ", "))
	}
	return first, nil
}

// expiry of a name is that of its younger certificate while an old one is still there.
func (m *Manager) expiry(name string) (end time.Time) {
	for _, c := range m.cache.AllMatchingCertificates(name) {
		if c.Leaf != nil && slices.Contains(c.Names, name) && c.Leaf.NotAfter.After(end) {
			end = c.Leaf.NotAfter
		}
	}
	return end
}

// Stop ends renewals.
func (m *Manager) Stop() {
	m.cancel()
	m.cache.Stop()
}
