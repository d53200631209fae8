package acme

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"strings"
	"testing"
	"time"
)

// certificate is one that somebody has issued.
func certificate(t *testing.T, end time.Time, name string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: end.Add(-90 * 24 * time.Hour), NotAfter: end, DNSNames: []string{name}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, _ := x509.ParseCertificate(der)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

// TestExpiry: three certificates are renewed one by one, and the operator is told of the one
// that is worst off.
func TestExpiry(t *testing.T) {
	const zone = "leak.example.org"
	m := newManager(Options{Zone: zone, Folder: t.TempDir(), Directory: LetsEncrypt}, new(Challenges))
	defer m.Stop()
	now := time.Now().Truncate(time.Second)
	in := func(days int) time.Time { return now.Add(time.Duration(days) * 24 * time.Hour) }
	for _, step := range []struct {
		name    string // which comes
		days    int
		want    int
		missing string
	}{
		{zone, 80, 80, "*." + zone + ", *.sig." + zone},
		{"*.sig." + zone, 90, 80, " for *." + zone},
		{"*." + zone, 10, 10, ""},
		{"*." + zone, 85, 80, ""}, // renewed
	} {
		if _, err := m.config.CacheUnmanagedTLSCertificate(t.Context(), certificate(t, in(step.days), step.name), nil); err != nil {
			t.Fatal(err)
		}
		got, err := m.Expiry()
		if !got.Equal(in(step.want)) {
			t.Errorf("after %s of %d days: the first ends in %v", step.name, step.days, got.Sub(now))
		}
		if (err == nil) != (step.missing == "") || err != nil && !strings.HasSuffix(err.Error(), step.missing) {
			t.Errorf("after %s: %v, want %q missing", step.name, err, step.missing)
		}
	}
}
