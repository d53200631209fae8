package steps

import (
	"reflect"
	"slices"
	"testing"
)

var (
	systems  = []string{windows, mac, linux, chromeOS, android, "", "openbsd"}
	browsers = []string{chromium, firefox, "", "other"}
	advices  = []Advice{
		OwnDNS, OneServer, FirstServer, SecureDNS, OtherSecure, NoSubnet, ProxyDNS, IPv6, VPN, Tunnel,
		RandomIPv6, Permissions, Extensions,
	}
)

// TestEverywhere holds that all advice has steps wherever it is given, not too
// many, and none twice.
func TestEverywhere(t *testing.T) {
	if len(advices) != len(plans) {
		t.Errorf("%d plans for %d lines of advice", len(plans), len(advices))
	}
	for _, a := range advices {
		for _, os := range systems {
			for _, browser := range browsers {
				list := For(a, os, browser)
				seen := slices.Compact(slices.Sorted(slices.Values(list)))
				if len(list) == 0 || len(list) > Max || len(seen) != len(list) {
					t.Errorf("%s on %q in %q: %q", a, os, browser, list)
				}
			}
		}
	}
}

// TestChosen holds what is said where, for advice that differs by system, by
// browser, and by both.
func TestChosen(t *testing.T) {
	for _, c := range []struct {
		advice      Advice
		os, browser string
		want        []string
	}{
		{OwnDNS, windows, chromium, []string{"steps_vpn_dns", "steps_dns_windows", "steps_dns_windows_set", "steps_or_secure_chromium"}},
		{OwnDNS, linux, firefox, []string{"steps_vpn_dns", "steps_dns_linux", "steps_dns_linux_set", "steps_or_secure_firefox"}},
		{OwnDNS, chromeOS, chromium, []string{"steps_vpn_dns", "steps_dns_chromeos", "steps_dns_chromeos_set", "steps_or_secure_chromeos"}},
		{OwnDNS, android, firefox, []string{"steps_vpn_dns", "steps_dns_android", "steps_always_on", "steps_always_on_set"}},
		{OwnDNS, "", "", []string{"steps_vpn_dns", "steps_dns_any_set", "steps_or_secure_any"}},
		{OneServer, mac, chromium, []string{"steps_dns_mac", "steps_dns_mac_only", "steps_reconnect"}},
		{SecureDNS, windows, firefox, []string{"steps_secure_firefox", "steps_secure_firefox_set", "steps_secure_windows", "steps_secure_router"}},
		{SecureDNS, android, firefox, []string{"steps_secure_android", "steps_secure_router"}},
		{ProxyDNS, mac, firefox, []string{"steps_proxy_firefox", "steps_proxy_firefox_set", "steps_proxy_device"}},
		{ProxyDNS, android, firefox, []string{"steps_proxy_any", "steps_always_on", "steps_always_on_set"}},
		{IPv6, mac, firefox, []string{"steps_ipv6_vpn", "steps_ipv6_mac", "steps_ipv6_mac_set"}},
		{IPv6, "openbsd", firefox, []string{"steps_ipv6_vpn", "steps_ipv6_any"}},
		{VPN, android, firefox, []string{"steps_vpn_on", "steps_always_on", "steps_always_on_set"}},
		{Permissions, chromeOS, chromium, []string{"steps_permissions_chromium", "steps_permissions_chromium_camera"}},
		{Advice("no such"), windows, chromium, []string{}},
	} {
		if got := For(c.advice, c.os, c.browser); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s on %q in %q: %q, want %q", c.advice, c.os, c.browser, got, c.want)
		}
	}
}

// TestOwnCopy holds that the caller may change what it got.
func TestOwnCopy(t *testing.T) {
	For(VPN, windows, chromium)[0] = "changed"
	if For(VPN, windows, chromium)[0] != "steps_vpn_on" {
		t.Error("a plan can be changed from outside")
	}
}
