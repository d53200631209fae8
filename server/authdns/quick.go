package authdns

import (
	"slices"

	"github.com/miekg/dns"

	"watertight/server/authdns/fast"
)

// quick tells package fast what zone this is.
func (h *Handler) quick(c Config) fast.Config {
	own, web := c.own(), c.web()
	f := fast.Config{
		Zone: h.zone,
		Hosts: []fast.Host{
			{Label: "", V4: web.V4, V6: web.V6}, {Label: "stun", V4: own.V4, V6: own.V6},
			{Label: "ip4", V4: web.V4}, {Label: "ip6", V6: web.V6},
		},
		AddressTTL: addressTTL, ZoneTTL: zoneTTL, NegativeTTL: negativeTTL,
		Serial: serial, Refresh: refresh, Retry: retry, Expire: expire, Mailbox: mailbox,
		UDPSize: udpSize, PlainSize: plainSize, Gain: gain,
		NotAuthoritative: dns.ExtendedErrorCodeNotAuthoritative,
		Jar:              h.jar, Record: h.record,
	}
	for i, at := range c.servers() {
		f.Servers = append(f.Servers, serverLabel(i))
		f.Hosts = append(f.Hosts, fast.Host{Label: serverLabel(i), V4: at.V4, V6: at.V6})
	}
	if h.six != nil {
		f.Hosts = append(f.Hosts, fast.Host{Label: "ns6", V6: own.V6})
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
