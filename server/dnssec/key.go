// Package dnssec signs a small zone while it answers: ECDSA P-256 (RFC 6605), one
// key, signatures kept for an hour, and a budget for those that cannot be kept.
package dnssec

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/miekg/dns"
)

// keyTTL of DNSKEY and DS.
const keyTTL = 3600

const pemType = "PRIVATE KEY"

// Errors of Parse.
var (
	ErrPEM   = errors.New("want one PEM block of type " + pemType)
	ErrCurve = errors.New("want an ECDSA key on P-256")
)

// Key signs everything in the zone, the key set too (a "combined signing key":
// with one operator and a DS that is set by hand, two keys would guard nothing).
type Key struct{ private *ecdsa.PrivateKey }

// Generate makes a fresh key.
func Generate() (*Key, error) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	return &Key{k}, nil
}

// Parse reads PKCS #8 in PEM.
func Parse(text []byte) (*Key, error) {
	block, _ := pem.Decode(text)
	if block == nil || block.Type != pemType {
		return nil, ErrPEM
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("parse key: %w", err)
	}
	k, ok := any.(*ecdsa.PrivateKey)
	if !ok || k.Curve != elliptic.P256() {
		return nil, ErrCurve
	}
	return &Key{k}, nil
}

// PEM is what Parse reads.
func (k *Key) PEM() ([]byte, error) {
	raw, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return nil, fmt.Errorf("marshal key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: raw}), nil
}

// DNSKEY of a zone, given with its final dot.
func (k *Key) DNSKEY(zone string) *dns.DNSKEY {
	raw, err := k.private.PublicKey.Bytes()
	if err != nil {
		panic(err) // the curve is P-256
	}
	return &dns.DNSKEY{
		Hdr:   dns.RR_Header{Name: zone, Rrtype: dns.TypeDNSKEY, Class: dns.ClassINET, Ttl: keyTTL},
		Flags: dns.ZONE | dns.SEP, Protocol: 3, Algorithm: dns.ECDSAP256SHA256,
		PublicKey: base64.StdEncoding.EncodeToString(raw[1:]), // RFC 6605 §4: without the 0x04
	}
}

// DS is for the parent, or for a resolver as a trust anchor.
func (k *Key) DS(zone string) *dns.DS { return k.DNSKEY(zone).ToDS(dns.SHA256) }
