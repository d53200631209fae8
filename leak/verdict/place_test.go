package verdict

import (
	"net/netip"
	"testing"
)

func at(addr string, n *Network) place {
	p := place{net: n}
	if addr != "" {
		p.addr = netip.MustParseAddr(addr)
	}
	return p
}

func TestCompare(t *testing.T) {
	isp := &Network{Prefix: "198.51.100.0/24", ASN: 64500, Org: "Example ISP"}
	for name, c := range map[string]struct {
		a, b place
		want sameness
	}{
		"one address":                  {at("192.0.2.1", nil), at("192.0.2.1", nil), same},
		"one AS":                       {at("192.0.2.1", &Network{ASN: 64500}), at("", isp), same},
		"one operator":                 {at("", &Network{ASN: 60068}), at("", &Network{ASN: 212238}), same},
		"one organisation":             {at("", &Network{Org: "Example ISP, Inc."}), at("", isp), same},
		"two ASes":                     {at("198.51.100.1", &Network{ASN: 64510}), at("198.51.100.2", isp), different},
		"two ASes, overlapping":        {at("", &Network{ASN: 64510, Prefix: "198.51.0.0/16"}), at("", isp), different},
		"no AS, overlapping":           {at("", &Network{Prefix: "198.51.0.0/16"}), at("", isp), same},
		"no AS, apart":                 {at("", &Network{Prefix: "203.0.113.0/24"}), at("", isp), cannotTell},
		"address in the prefix":        {at("198.51.100.7", nil), at("", isp), same},
		"prefix around the address":    {at("", isp), at("198.51.100.7", nil), same},
		"neighbours":                   {at("192.0.2.1", nil), at("192.0.2.200", nil), same},
		"far addresses":                {at("192.0.2.1", nil), at("203.0.113.1", nil), cannotTell},
		"two organisations":            {at("", &Network{Org: "Other"}), at("", isp), different},
		"a country is nothing":         {at("", &Network{Country: "SE"}), at("", &Network{Country: "SE"}), cannotTell},
		"the default route is nothing": {at("", &Network{Prefix: "0.0.0.0/0"}), at("", isp), cannotTell},
		"families":                     {at("192.0.2.1", nil), at("2001:db8::1", nil), cannotTell},
		"nothing":                      {at("", nil), at("", nil), cannotTell},
	} {
		if got := compare(c.a, c.b); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
		if got := compare(c.b, c.a); got != c.want {
			t.Errorf("%s, the other way: %d, want %d", name, got, c.want)
		}
	}
}

func TestName(t *testing.T) {
	for want, p := range map[string]place{
		"Cloudflare":  at("", &Network{ASN: 13335, Org: "CLOUDFLARENET"}),
		"Example ISP": at("", &Network{ASN: 64500, Org: "Example ISP"}),
		"Example Ltd": at("", &Network{Org: "Example Ltd."}),
		"M247":        at("", &Network{ASN: 9009}),
		"AS64500":     at("", &Network{ASN: 64500}),
		"192.0.2.1":   at("192.0.2.1", nil),
	} {
		if got := p.name(); got != want {
			t.Errorf("name %q, want %q", got, want)
		}
	}
}

func TestIsLabel(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "f0": true, "s12": true, "v9": true,
		"f": false, "f123": false, "z1": false, "fx": false, "F0": false, "0f": false, "f-": false, "é0": false,
	} {
		if isLabel(s) != want {
			t.Errorf("isLabel(%q) = %v", s, !want)
		}
	}
}
