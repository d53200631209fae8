package world

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func parse(t *testing.T, extra string) *scenario.Scenario {
	t.Helper()
	s, err := scenario.Parse("t.yaml", []byte("title: t\nwhy: w\nexpect: {outcome: clear}\n"+extra))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTools(t *testing.T) {
	tools, tun := Tools(parse(t, "vpn: {tunnel: openvpn}\nresolvers: {vpn: {kind: knot}}\nproxy: {kind: http}\n"))
	for _, want := range []string{"openvpn", "kresd", "tinyproxy", "nft"} {
		if !slices.Contains(tools, want) {
			t.Errorf("%s is not asked for: %v", want, tools)
		}
	}
	if !tun || slices.Contains(tools, "wireguard-go") {
		t.Error(tools, tun)
	}
	tools, _ = Tools(parse(t, "isp: {ipv4: none, ipv6: native, nat64: true, ra_dns: isp}\n"))
	if !slices.Contains(tools, "tayga") || !slices.Contains(tools, "radvd") || !slices.Contains(tools, "rdnssd") {
		t.Error(tools)
	}
}

func TestBaseline(t *testing.T) {
	b, err := json.Marshal(StoreBaseline(parse(t, "baseline: {name: Home, exits: [isp], resolvers: [vpn]}\n")))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"do":"storage"`, `"name":"Home"`, `"exits":[{"asn":64500,"org":"Example ISP","prefix":"198.51.100.0/24"}`, `"org":"Example VPN"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %s in %s", want, b)
		}
	}
}

func TestAdministrator(t *testing.T) {
	a := administrator{chromium: map[string]any{}, firefox: map[string]any{}}
	a.doh(netip.MustParseAddr("2001:db8::53"), []byte{1, 2}, "/ca.pem")
	a.trust([]byte{3}, "/authority.pem")
	a.webRTC("default_public_interface_only")
	a.sites("default")
	files, err := a.files()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(files["chromium/policies/managed/lab.json"], `"CACertificates":["AQI=","Aw=="]`) {
		t.Error("Chromium trusts", files["chromium/policies/managed/lab.json"])
	}
	for name, want := range map[string]string{
		"chromium/policies/managed/lab.json":   `"DnsOverHttpsTemplates":"https://[2001:db8::53]:443/dns-query{?dns}"`,
		"firefox/policies/policies.json":       `"Install":["/ca.pem","/authority.pem"]`,
		"opt/chrome/policies/managed/lab.json": `"WebRtcIPHandling":"default_public_interface_only","WebRtcIPHandlingUrl":[{"handling":"default","url":"*"}]`,
		"firefox-esr/policies/policies.json":   `"media.peerconnection.ice.no_host":{"Status":"locked","Value":true},"media.peerconnection.ice.proxy_only":{"Status":"locked","Value":false}`,
	} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s: %s", name, files[name])
		}
	}
}
