package dnssec

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

func record(t testing.TB, s string) []dns.RR {
	t.Helper()
	rr, err := dns.NewRR(s)
	if err != nil {
		t.Fatal(err)
	}
	return []dns.RR{rr}
}

func TestKey(t *testing.T) {
	k, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	text, err := k.PEM()
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(text)
	if err != nil || again.DS("a.test.").String() != k.DS("a.test.").String() {
		t.Errorf("read back: %v", err)
	}
	other, _ := Generate()
	if other.DS("a.test.").Digest == k.DS("a.test.").Digest {
		t.Error("two keys are the same")
	}
	if d := k.DS("a.test."); d.Algorithm != 13 || d.DigestType != 2 || d.KeyTag != k.DNSKEY("a.test.").KeyTag() || d.Hdr.Name != "a.test." {
		t.Errorf("%v", d)
	}
}

func TestParse(t *testing.T) {
	encode := func(kind string, k any) string {
		raw, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}))
	}
	large, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	for text, want := range map[string]error{
		"":                              ErrPEM,
		"key":                           ErrPEM,
		encode("EC PRIVATE KEY", large): ErrPEM,
		encode(pemType, large):          ErrCurve,
		encode(pemType, edwards):        ErrCurve,
		"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n": nil,
	} {
		_, err := Parse([]byte(text))
		if err == nil || want != nil && !errors.Is(err, want) || strings.Contains(err.Error(), "AAAA") {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	k, _ := Generate()
	text, _ := k.PEM()
	f.Add(text)
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMAAA\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		k, err := Parse(text)
		if err != nil {
			return
		}
		out, err := k.PEM()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Parse(out); err != nil || again.DS("a.").String() != k.DS("a.").String() {
			t.Fatalf("read back: %v", err)
		}
	})
}

func TestSigner(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	k, _ := Generate()
	s := NewSigner("a.test.", k, func() time.Time { return now })
	set := record(t, "b.a.test. 300 IN A 192.0.2.1")
	one, err := s.Fixed(set)
	if err != nil || one.Verify(k.DNSKEY("a.test."), set) != nil {
		t.Fatalf("%v, %v", one, err)
	}
	for _, at := range []time.Duration{-before + period, 0, period, after - period} { // clocks differ
		if !one.ValidityPeriod(now.Add(at)) {
			t.Errorf("not valid at %v", at)
		}
	}
	if two, _ := s.Fixed(record(t, "B.a.test. 300 IN A 192.0.2.1")); two != one {
		t.Error("the same set was signed again")
	}
	for range 3 * maxKept { // the bound
		if _, err := s.Fixed(record(t, rand.Text()+".a.test. 300 IN A 192.0.2.1")); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.kept) > maxKept {
		t.Errorf("%d signatures are kept", len(s.kept))
	}
	made := 0
	for sig, err := s.Once(set); sig != nil; sig, err = s.Once(set) {
		if made++; err != nil || made > 1000 {
			t.Fatalf("%d, %v", made, err)
		}
	}
	if made != int(budget.Burst) {
		t.Errorf("%d signatures at once", made)
	}
}
