package authority

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"testing"

	"watertight/lab/ca"
)

// TestParse: what it tells must be a certificate, and is what browsers are given.
func TestParse(t *testing.T) {
	lab, err := ca.New(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	der, err := parse(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: lab.DER()}))
	if err != nil || !bytes.Equal(der, lab.DER()) {
		t.Fatalf("%x %v", der, err)
	}
	a := Authority{root: der}
	if again, err := parse(a.PEM()); err != nil || !bytes.Equal(again, a.Root()) {
		t.Errorf("%x %v", again, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: a.Pool()}); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "no PEM", "-----BEGIN CERTIFICATE-----\nAQI=\n-----END CERTIFICATE-----\n"} {
		if _, err := parse([]byte(bad)); !errors.Is(err, errRoot) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestConfig(t *testing.T) {
	text, err := Config(ca.Files{Cert: "c", Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Pebble struct{ ListenAddress, ManagementListenAddress, Certificate, PrivateKey string }
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if p := got.Pebble; "https://"+p.ListenAddress+"/dir" != Directory() || p.ManagementListenAddress == p.ListenAddress || p.Certificate != "c" || p.PrivateKey != "k" {
		t.Errorf("%+v", p)
	}
}
