package main

import (
	"bytes"
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
	"strings"
	"syscall"
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

// TestRenewal: new files are taken without a restart, a broken pair never, and the operator
// is told of either once.
func TestRenewal(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile, _ := write(t, dir, 1)
	c, err := newCertificate(certFile, keyFile)
	if err != nil {
		t.Fatal(err)
	}
	look := func(asked bool, serial int64, says string) {
		t.Helper()
		var stderr bytes.Buffer
		c.look(asked, &stderr)
		if got := c.get().Leaf.SerialNumber.Int64(); got != serial {
			t.Errorf("the certificate is %d, want %d", got, serial)
		}
		if says == "" && stderr.Len() > 0 || !strings.HasPrefix(stderr.String(), says) {
			t.Errorf("said %q, want %q", &stderr, says)
		}
	}
	const fresh, stays = "watertight-server: the certificate was read again; it ends on 20", "watertight-server: the old certificate stays: read certificate: "
	later := time.Now()
	rewrite := func(file string, text []byte) { // as a renewal does: at another time
		t.Helper()
		put(t, file, text)
		later = later.Add(time.Second)
		if err := os.Chtimes(file, later, later); err != nil {
			t.Fatal(err)
		}
	}
	look(false, 1, "")
	write(t, dir, 2)
	newCert, _ := os.ReadFile(certFile)
	newKey, _ := os.ReadFile(keyFile)
	rewrite(certFile, newCert)
	look(false, 2, fresh)
	look(false, 2, "")
	look(true, 2, fresh)
	rewrite(certFile, []byte("half"))
	look(false, 2, stays+"tls: failed to find any PEM data")
	look(false, 2, "") // once
	look(true, 2, stays)
	write(t, dir, 3)
	other, _ := os.ReadFile(certFile)
	put(t, keyFile, newKey)
	rewrite(certFile, other)
	look(false, 2, stays+"tls: private key does not match")
	// A permission is not seen from outside: what is broken is tried again.
	rewrite(certFile, newCert)
	c.changed()
	look(false, 2, fresh)
	if err := os.Remove(keyFile); err != nil {
		t.Fatal(err)
	}
	look(false, 2, stays)
	look(false, 2, "")
}

// TestReload: SIGHUP reads the certificate again, and the next handshake shows it.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	cert, key, _ := write(t, dir, 1)
	c, err := parse([]string{"--dns", "127.0.0.1:0", "--stun=", "--http", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var stderr said
	s, err := start(c, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, s)
	shown := func() int64 {
		t.Helper()
		conn, err := tls.Dial("tcp", s.http[0].String(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // it is the serial number that counts
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	hup := func(want string) {
		t.Helper()
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		stderr.wait(t, want)
	}
	before := shown()
	write(t, dir, 2)
	if n := shown(); before != 1 || n != 1 {
		t.Errorf("shows %d and %d before it is asked to look", before, n)
	}
	hup("the certificate was read again")
	if n := shown(); n != 2 {
		t.Errorf("shows %d", n)
	}
	put(t, key, []byte("half"))
	hup("the old certificate stays: read certificate: ")
	if n := shown(); n != 2 {
		t.Errorf("with a broken key it shows %d", n)
	}
}
