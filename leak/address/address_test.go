package address

import (
	"net/netip"
	"testing"
)

func TestClassOf(t *testing.T) {
	for s, want := range map[string]Class{
		"8.8.8.8": Global, "192.0.2.1": Global, "198.51.100.1": Global, "203.0.113.1": Global,
		"2001:db8::1": Global, "2606:4700::1": Global, "3fff::1": Global,
		"10.8.0.2": Private, "172.16.0.1": Private, "172.31.255.255": Private, "172.32.0.1": Global,
		"192.168.1.10": Private, "100.64.0.1": CGNAT, "100.127.255.255": CGNAT, "100.128.0.1": Global,
		"169.254.1.1": LinkLocal, "fe80::1%eth0": LinkLocal, "fd00::1": ULA, "fc00::1": ULA,
		"127.0.0.1": Loopback, "::1": Loopback, "0.0.0.0": Unspecified, "::": Unspecified,
		"224.0.0.251": Multicast, "ff02::fb": Multicast, "255.255.255.255": Reserved,
		"192.0.0.4": Reserved, "198.18.0.1": Reserved, "::ffff:192.168.1.10": Private,
		"::ffff:8.8.8.8": Global, "64:ff9b::c633:640a": NAT64, "64:ff9b:1:fffe::c633:640a": NAT64,
		"2002:c633:640a::1": SixToFour, "2001:0:4136:e378:8000:63bf:39cc:9bf5": Teredo,
	} {
		if got := ClassOf(netip.MustParseAddr(s)); got != want {
			t.Errorf("ClassOf(%s) = %s, want %s", s, got, want)
		}
	}
	if got := ClassOf(netip.Addr{}); got != Invalid {
		t.Errorf("ClassOf(zero) = %s", got)
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", " 192.0.2.1\r\n": "192.0.2.1", "::ffff:192.0.2.1": "192.0.2.1",
		"fe80::1%eth0": "fe80::1", "2001:DB8::1": "2001:db8::1",
	} {
		if a, ok := Parse(s); !ok || a.String() != want {
			t.Errorf("Parse(%q) = %v %v, want %s", s, a, ok, want)
		}
	}
	for _, s := range []string{"", "x", "192.0.2.256", "192.0.2.1/24", "[::1]", "a.local"} {
		if a, ok := Parse(s); ok {
			t.Errorf("Parse(%q) = %v, want none", s, a)
		}
	}
}

func TestPublic(t *testing.T) {
	for s, want := range map[string]string{
		"198.51.100.10": "198.51.100.10", "::ffff:198.51.100.10": "198.51.100.10",
		"64:ff9b::c633:640a": "198.51.100.10", "64:ff9b:1:fffe::c633:640a": "198.51.100.10",
		"64:ff9b:1:c633:64:a00::": "198.51.100.10", "2002:c633:640a::1": "198.51.100.10",
		"2001:0:4136:e378:8000:63bf:39cc:9bf5": "198.51.100.10",
		"64:ff9b::a08:2":                       "", "10.0.0.1": "", "fe80::1": "", "::": "",
	} {
		got := ""
		if a, ok := Public(netip.MustParseAddr(s)); ok {
			got = a.String()
		}
		if got != want {
			t.Errorf("Public(%s) = %q, want %q", s, got, want)
		}
	}
}

func TestHasHardwareID(t *testing.T) {
	for s, want := range map[string]bool{
		"2001:db8:100::5054:ff:fe12:3456": true, "fe80::5054:ff:fe12:3456": true,
		"fd00::a8bb:ccff:fedd:eeff": true,
		"2001:db8::1":               false, "192.0.2.1": false, "2001:db8::5054:ff:ff12:3456": false,
		"2001:db8::5154:ff:fe12:3456": false, // a group address is no interface
		"2001:db8::5054:fe:fe12:3456": false,
		"ff02::1:ff:fe12:3456":        false,
	} {
		if got := HasHardwareID(netip.MustParseAddr(s)); got != want {
			t.Errorf("HasHardwareID(%s) = %v", s, got)
		}
	}
}

func TestNear(t *testing.T) {
	a := netip.MustParseAddr
	for _, c := range []struct {
		a, b netip.Addr
		want bool
	}{
		{a("192.0.2.1"), a("192.0.2.254"), true},
		{a("192.0.2.1"), a("192.0.3.1"), false},
		{a("::ffff:192.0.2.1"), a("192.0.2.9"), true},
		{a("2001:db8:1::1"), a("2001:db8:1:ffff::1"), true},
		{a("2001:db8:1::1"), a("2001:db8:2::1"), false},
		{a("192.0.2.1"), a("2001:db8::1"), false},
		{netip.Addr{}, netip.Addr{}, false},
	} {
		if got := Near(c.a, c.b); got != c.want {
			t.Errorf("Near(%v, %v) = %v", c.a, c.b, got)
		}
	}
}
