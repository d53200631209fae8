package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// write makes a certificate for 127.0.0.1 and returns its files and its pool.
func write(t *testing.T, dir string, serial int64, names ...string) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "watertight.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: names, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, _ := x509.ParseCertificate(der)
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return cert, key, pool
}

func TestTLS(t *testing.T) {
	cert, key, pool := write(t, t.TempDir(), 1)
	s := begin(t, "--http", "127.0.0.1:0,127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)
	defer end(t, s)
	for _, h2 := range []bool{false, true} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: h2}
		exit(t, &http.Client{Transport: transport}, "https")(s)
		transport.CloseIdleConnections()
	}
	if res, err := http.Get("http://" + s.http[1].String() + "/v1/exit"); err == nil {
		_ = res.Body.Close()
		if res.StatusCode == http.StatusOK {
			t.Error("the second address answers without TLS")
		}
	}
}

// TestRenewal: new files are taken without a restart, a broken pair never.
func TestRenewal(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile, _ := write(t, dir, 1)
	c, err := newCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	serial := func(after time.Duration) int64 {
		return c.get(time.Now().Add(after)).Leaf.SerialNumber.Int64()
	}
	write(t, dir, 2)
	later := time.Now().Add(time.Second)
	if err := os.Chtimes(certFile, later, later); err != nil {
		t.Fatal(err)
	}
	if n := serial(0); n != 1 {
		t.Errorf("looked at once: %d", n)
	}
	if n := serial(lookEvery + time.Second); n != 2 {
		t.Errorf("after a minute: %d", n)
	}
	if err := os.WriteFile(certFile, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := serial(3 * lookEvery); n != 2 {
		t.Errorf("with a broken file: %d", n)
	}
}
