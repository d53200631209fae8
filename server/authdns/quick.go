package authdns

import (
	"slices"

	"github.com/miekg/dns"

	"watertight/server/authdns/fast"
	"watertight/server/sightings"
)

// quick tells package fast what zone this is.
func (h *Handler) quick(c Config) fast.Config {
	v4, v6 := c.IPv4.Unmap(), c.IPv6
	f := fast.Config{
		Zone:    h.zone,
		Servers: []string{"ns1", "ns2"},
		Hosts: []fast.Host{
			{Label: "", V4: v4, V6: v6}, {Label: "ns1", V4: v4, V6: v6}, {Label: "ns2", V4: v4, V6: v6},
			{Label: "stun", V4: v4, V6: v6}, {Label: "ip4", V4: v4}, {Label: "ip6", V6: v6},
		},
		AddressTTL: addressTTL, ZoneTTL: zoneTTL, NegativeTTL: negativeTTL,
		Serial: serial, Refresh: refresh, Retry: retry, Expire: expire, Mailbox: mailbox,
		UDPSize: udpSize, PlainSize: plainSize, Gain: gain,
		NotAuthoritative: dns.ExtendedErrorCodeNotAuthoritative,
		Jar:              h.jar, Record: func(o sightings.Observation) { h.record(o) },
	}
	if h.six != nil {
		f.Hosts = append(f.Hosts, fast.Host{Label: "ns6", V6: v6})
		f.Six = &fast.Six{Label: "v6", Server: "ns6"}
	}
	if h.signed != nil {
		f.Cuts = append(f.Cuts, "sig")
	}
	if h.challenges != nil {
		f.Cuts = append(f.Cuts, challengeLabel)
	}
	for _, rr := range h.hosts[h.zone] {
		f.Types = append(f.Types, rr.Header().Rrtype)
	}
	f.Types = slices.DeleteFunc(f.Types, func(t uint16) bool { return t == dns.TypeA || t == dns.TypeAAAA })
	return f
}
