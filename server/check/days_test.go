package check

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestDays: a certificate that should have been renewed works today, and is wrong all the
// same; one that is made for a few days is not.
func TestDays(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		life, left time.Duration
		want       string
	}{
		"fresh":         {90 * day, 60 * day, "ok: certificate of a.test at "},
		"not renewed":   {90 * day, 9*day + time.Hour, "ends in 9 days"},
		"of a few days": {6 * day, 3 * day, "ok: certificate of a.test at "},
		"over":          {90 * day, -day, "expired"},
		"another name":  {90 * day, 60 * day, "not b.test"},
	} {
		asked := "a.test"
		if name == "another name" {
			asked = "b.test"
		}
		at, authority := showing(t, "a.test", time.Now().Add(test.left-test.life), time.Now().Add(test.left))
		var got Line
		r := &run{Config: Config{Now: time.Now, Authority: authority}, ctx: t.Context(), tell: func(l Line) { got = l }}
		r.certificate(at, asked)
		if !strings.Contains(got.String(), test.want) || (got.State == OK) != strings.HasPrefix(test.want, "ok") || (got.Mend == "") != (got.State == OK) {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

// showing listens with a certificate.
func showing(t *testing.T, name string, from, to time.Time) (netip.AddrPort, *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: from, NotAfter: to, DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: private}}}) //nolint:gosec // of a test
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.(*tls.Conn).HandshakeContext(t.Context())
			_ = c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).AddrPort(), pool
}

// TestFamilies: a server without IPv4 is no server for most; one without IPv6 sees less.
func TestFamilies(t *testing.T) {
	four, six := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")
	for _, test := range []struct {
		ip4, ip6 netip.Addr
		want     string
	}{{four, six, ""}, {four, netip.Addr{}, "cannot be known from here: IPv6"}, {netip.Addr{}, six, "wrong: IPv4"}} {
		var got strings.Builder
		r := &run{Config: Config{IPv4: test.ip4, IPv6: test.ip6}, tell: func(l Line) { got.WriteString(l.String()) }}
		r.families()
		if !strings.HasPrefix(got.String(), test.want) || test.want == "" && got.Len() > 0 {
			t.Errorf("%v %v: %q, want %q", test.ip4, test.ip6, &got, test.want)
		}
	}
}
