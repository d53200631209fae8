package check

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"time"
)

const (
	// soon: certificates are renewed at a third of their life, so what has less
	// than this was not renewed.
	soon = 14 * 24 * time.Hour
	// clockError between two machines, above which one of them is wrong.
	clockError = 5 * time.Second
)

// certified are the names that the certificate must hold.
func (r *run) certified(a netip.Addr) []string {
	family := "ip4."
	if a.Is6() {
		family = "ip6."
	}
	return []string{r.Zone, family + r.Zone, "valid.sig." + r.Zone, "broken.sig." + r.Zone}
}

// web tries the API at each address, and each name of its certificate.
func (r *run) web() {
	for _, a := range r.Web {
		at := netip.AddrPortFrom(a, r.HTTP)
		what := fmt.Sprintf("HTTPS %s", at)
		about, date, err := r.about(at)
		switch {
		case errors.As(err, new(*tls.CertificateVerificationError)): // told below, name by name
		case err != nil:
			r.silent(at, "http", "tcp", what, err)
			continue
		case about.Name != "watertight-server" || about.Zone != r.Zone:
			r.wrong("see who listens there; the server must be started with --zone "+r.Zone, what, "what answers is not the companion of %s", r.Zone)
			continue
		default:
			r.reached(at, what)
			r.sameClock(at, date)
		}
		for _, name := range r.certified(a) {
			r.certificate(at, name)
		}
	}
}

type about struct{ Name, Zone string }

// dial speaks to one address under one name.
func (r *run) client(at netip.AddrPort, name string) *http.Client {
	t := &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: patience}).DialContext(ctx, network, at.String())
		},
		TLSClientConfig:   &tls.Config{ServerName: name, RootCAs: r.Authority, Time: r.Now}, //nolint:gosec // Go's minimum is TLS 1.2
		DisableKeepAlives: true, TLSHandshakeTimeout: 2 * patience,
	}
	return &http.Client{Transport: t, Timeout: 4 * patience}
}

func (r *run) get(at netip.AddrPort, path string, into any) (date string, err error) {
	q, err := http.NewRequestWithContext(r.ctx, http.MethodGet, "https://"+r.Zone+path, nil)
	if err != nil {
		return "", err //nolint:wrapcheck // the zone was checked
	}
	res, err := r.client(at, r.Zone).Do(q)
	if err != nil {
		return "", err //nolint:wrapcheck // names the URL
	}
	defer res.Body.Close() //nolint:errcheck // only read
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		return "", fmt.Errorf("read answer: %w", err)
	}
	return res.Header.Get("Date"), nil
}

func (r *run) about(at netip.AddrPort) (a about, date string, err error) {
	date, err = r.get(at, "/v1/about", &a)
	return a, date, err
}

func (r *run) certificate(at netip.AddrPort, name string) {
	what := fmt.Sprintf("certificate of %s at %s", name, at)
	d := tls.Dialer{NetDialer: &net.Dialer{Timeout: 2 * patience}, Config: &tls.Config{ServerName: name, RootCAs: r.Authority, Time: r.Now}} //nolint:gosec // as above
	c, err := d.DialContext(r.ctx, "tcp", at.String())
	if err != nil {
		r.wrong("give the server --acme you@example.org, or a certificate that holds "+name+" and its chain (fullchain.pem)", what, "%v", err)
		return
	}
	defer c.Close() //nolint:errcheck // nothing was said
	leaf := c.(*tls.Conn).ConnectionState().PeerCertificates[0]
	left := leaf.NotAfter.Sub(r.Now())
	if left < soon && leaf.NotAfter.Sub(leaf.NotBefore) > 2*soon {
		r.wrong("see why it was not renewed: with --acme the server says so; files are for whatever made them to renew", what, "ends in %d days", left/(24*time.Hour))
		return
	}
	r.ok(what, "until %s", leaf.NotAfter.UTC().Format(time.DateOnly))
}

// sameClock compares the server's clock with ours, when they are two.
func (r *run) sameClock(at netip.AddrPort, date string) {
	if r.Here(at.Addr()) {
		return // clock says it
	}
	there, err := http.ParseTime(date)
	if err != nil {
		return
	}
	if d := there.Sub(r.Now()); d.Abs() > clockError {
		r.wrong("let a time service keep both clocks (timedatectl set-ntp true)", "clock", "the server's is %v away from this machine's", d.Round(time.Second))
		return
	}
	r.ok("clock", "the server's agrees with this machine's")
}
