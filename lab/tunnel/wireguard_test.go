package tunnel

import (
	"encoding/base64"
	"strings"
	"testing"

	"watertight/lab/ca"
)

func TestConfigsMatch(t *testing.T) {
	a, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	b, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{a.private, a.public} {
		if raw, err := base64.StdEncoding.DecodeString(text); err != nil || len(raw) != 32 {
			t.Errorf("key %q: %v", text, err)
		}
	}
	server, client := serverConfig(a, b), clientConfig(b, a)
	if !strings.Contains(server, "PublicKey = "+b.public) || !strings.Contains(client, "PublicKey = "+a.public) {
		t.Error("the ends do not know each other")
	}
	if !strings.Contains(server, "AllowedIPs = 10.8.0.2/32") || !strings.Contains(client, "Endpoint = 192.0.2.1:51820") {
		t.Error(server, client)
	}
}

func TestOpenVPNArgs(t *testing.T) {
	args := openvpnArgs("vpn", "--tls-client", ca.Files{Cert: "/c", Key: "/k", CA: "/a"})
	for _, want := range []string{"--dev vpn ", "--ca /a --cert /c --key /k --tls-client"} {
		if !strings.Contains(args, want) {
			t.Errorf("no %q in %s", want, args)
		}
	}
}
