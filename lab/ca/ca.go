// Package ca is the lab's certificate authority, made anew for every lab. Its
// keys exist in memory and in the lab's private /run only.
package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

// CA signs the lab's certificates.
type CA struct {
	cert *x509.Certificate
	key  crypto.Signer
	dir  string
}

// Files are the paths of a certificate, its key and the CA's certificate.
type Files struct{ Cert, Key, CA string }

const lifetime = 24 * time.Hour

// New makes a CA that keeps its files in a directory.
func New(dir string) (*CA, error) {
	c := &CA{dir: dir}
	template := &x509.Certificate{Subject: pkix.Name{CommonName: "Watertight lab CA"}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	var err error
	if c.cert, c.key, err = c.sign(template, nil); err != nil {
		return nil, err
	}
	return c, write(c.File(), "CERTIFICATE", c.cert.Raw)
}

// File is the CA's certificate as programs read it.
func (c *CA) File() string { return filepath.Join(c.dir, "ca.pem") }

// Pool trusts the CA, and nobody else.
func (c *CA) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(c.cert)
	return pool
}

// DER is the CA's certificate.
func (c *CA) DER() []byte { return c.cert.Raw }

// Issue makes a certificate for a program, at addresses if it is a server that
// is known by them.
func (c *CA) Issue(name string, addrs []netip.Addr) (Files, error) {
	template := &x509.Certificate{Subject: pkix.Name{CommonName: name}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}
	for _, a := range addrs {
		template.IPAddresses = append(template.IPAddresses, net.IP(a.AsSlice()))
	}
	cert, key, err := c.sign(template, c.cert)
	if err != nil {
		return Files{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Files{}, fmt.Errorf("write key: %w", err)
	}
	f := Files{filepath.Join(c.dir, name+".pem"), filepath.Join(c.dir, name+".key"), c.File()}
	if err := write(f.Cert, "CERTIFICATE", cert.Raw); err != nil {
		return Files{}, err
	}
	return f, write(f.Key, "PRIVATE KEY", der)
}

// sign makes a key and a certificate for it; without a parent, its own.
func (c *CA) sign(template, parent *x509.Certificate) (*x509.Certificate, crypto.Signer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make key: %w", err)
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, nil, fmt.Errorf("make serial number: %w", err)
	}
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = template.NotBefore.Add(lifetime)
	signer := c.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, nil, fmt.Errorf("sign certificate: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, fmt.Errorf("read certificate: %w", err)
	}
	return cert, key, nil
}

func write(path, kind string, der []byte) error {
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		return fmt.Errorf("write certificate: %w", err)
	}
	return nil
}
