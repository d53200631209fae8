package world

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"

	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/scenario"
)

// administrator collects what is set for all users of the client's machine. The
// browsers find it below /etc; only the client's programs see that /etc.
type administrator struct {
	chromium, firefox map[string]any
	authorities       []string // files of those that are trusted
}

// doh makes the browsers use one resolver over HTTPS, and no other, and trust
// the lab's CA.
func (a *administrator) doh(server netip.Addr, ca []byte, caFile string) {
	url := "https://" + netip.AddrPortFrom(server, 443).String() + "/dns-query"
	a.chromium["DnsOverHttpsMode"] = "secure"
	a.chromium["DnsOverHttpsTemplates"] = url + "{?dns}"
	a.firefox["DNSOverHTTPS"] = map[string]any{"Enabled": true, "ProviderURL": url, "Fallback": false}
	a.trust(ca, caFile)
}

// trust makes the browsers believe an authority, given as DER and in a file.
func (a *administrator) trust(der []byte, file string) {
	known, _ := a.chromium["CACertificates"].([]string)
	a.chromium["CACertificates"] = append(known, base64.StdEncoding.EncodeToString(der))
	a.authorities = append(a.authorities, file)
	a.firefox["Certificates"] = map[string]any{"Install": a.authorities}
}

// The preferences that Firefox makes of each value of its WebRTC setting; those
// that are not named are false.
const ice = "media.peerconnection.ice."

var (
	icePrefs   = []string{"default_address_only", "no_host", "proxy_only_if_behind_proxy", "proxy_only"}
	iceOfValue = map[scenario.Policy]int{ // how many of the first three are true
		"default": 0, "default_public_and_private_interfaces": 1, "default_public_interface_only": 2, "disable_non_proxied_udp": 3,
	}
)

// webRTC fixes the WebRTC setting: Chromium has a policy of that name and those
// values, in Firefox its preferences are locked.
func (a *administrator) webRTC(policy scenario.Policy) {
	a.chromium["WebRtcIPHandling"] = policy
	locked := map[string]any{}
	for i, name := range icePrefs {
		on := i < iceOfValue[policy]
		if name == "proxy_only" {
			on = policy == "proxy_only"
		}
		locked[ice+name] = map[string]any{"Value": on, "Status": "locked"}
	}
	a.firefox["Preferences"] = locked
}

// sites fixes what all websites are given, whatever the setting says. Only
// Chromium has such a policy (WebRtcIPHandlingUrl), and its setting does not show it.
func (a *administrator) sites(policy scenario.Policy) {
	a.chromium["WebRtcIPHandlingUrl"] = []map[string]any{{"url": "*", "handling": policy}}
}

// files are what the administrator installs.
func (a *administrator) files() (map[string]string, error) {
	chromium, err := json.Marshal(a.chromium)
	if err != nil {
		return nil, fmt.Errorf("write policy: %w", err)
	}
	firefox, err := json.Marshal(map[string]any{"policies": a.firefox})
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

// administer shows the client's browser what an administrator has set, if anything.
func (w *World) administer(s *scenario.Scenario) error {
	a := administrator{chromium: map[string]any{}, firefox: map[string]any{}}
	if name := s.Client.DoH; name != "" {
		addrs := w.Plan.ResolverAddrs(name)
		if len(addrs) == 0 {
			return fmt.Errorf("resolver %s has no address", name)
		}
		a.doh(addrs[0], w.ca.DER(), w.ca.File())
	}
	if w.authority != nil {
		file := filepath.Join(isolate.Temp, "authority.pem")
		if err := os.WriteFile(file, w.authority.PEM(), 0o644); err != nil {
			return fmt.Errorf("write the authority's root: %w", err)
		}
		a.trust(w.authority.Root(), file)
	}
	if s.Managed != "" {
		a.webRTC(s.Managed)
	}
	if s.ManagedSites != "" {
		a.sites(s.ManagedSites)
	}
	if len(a.chromium) == 0 {
		return nil
	}
	files, err := a.files()
	if err != nil {
		return err
	}
	w.Client.Etc = filepath.Join(isolate.Temp, "client-etc")
	return netns.CopyEtc(w.Client.Etc, files)
}
