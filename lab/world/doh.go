package world

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"path/filepath"

	"watertight/lab/isolate"
	"watertight/lab/netns"
)

// dohPolicies are what an administrator would install so that the browsers use
// one resolver over HTTPS, and no other, and trust the lab's CA.
func dohPolicies(server netip.Addr, ca []byte, caFile string) (map[string]string, error) {
	url := "https://" + netip.AddrPortFrom(server, 443).String() + "/dns-query"
	chromium, err := json.Marshal(map[string]any{
		"DnsOverHttpsMode":      "secure",
		"DnsOverHttpsTemplates": url + "{?dns}",
		"CACertificates":        []string{base64.StdEncoding.EncodeToString(ca)},
	})
	if err != nil {
		return nil, fmt.Errorf("write policy: %w", err)
	}
	firefox, err := json.Marshal(map[string]any{"policies": map[string]any{
		"DNSOverHTTPS": map[string]any{"Enabled": true, "ProviderURL": url, "Fallback": false},
		"Certificates": map[string]any{"Install": []string{caFile}},
	}})
	if err != nil {
		return nil, fmt.Errorf("write policy: %w", err)
	}
	return map[string]string{
		"chromium/policies/managed/lab.json":   string(chromium),
		"firefox/policies/policies.json":       string(firefox),
		"firefox-esr/policies/policies.json":   string(firefox),
		"opt/chrome/policies/managed/lab.json": string(chromium),
	}, nil
}

// useDoH shows the client's browser its policies.
func (w *World) useDoH(name string) error {
	if name == "" {
		return nil
	}
	addrs := w.Plan.ResolverAddrs(name)
	if len(addrs) == 0 {
		return fmt.Errorf("resolver %s has no address", name)
	}
	files, err := dohPolicies(addrs[0], w.ca.DER(), filepath.Join(isolate.Temp, "ca.pem"))
	if err != nil {
		return err
	}
	w.Client.Etc = filepath.Join(isolate.Temp, "client-etc")
	return netns.CopyEtc(w.Client.Etc, files)
}
