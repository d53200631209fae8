package address

import "net/netip"

// nat64Local is the block in which an operator chooses its own NAT64 prefix.
var nat64Local = netip.MustParsePrefix("64:ff9b:1::/48") // RFC 8215

// table is the one list of special addresses. The first row that contains an
// address decides, so narrower rows come first. Sources: the IANA IPv4 and IPv6
// Special-Purpose Address Registries, which RFC 6890 created, and the RFC at
// each row. Not listed, and so global: 192.0.2.0/24, 198.51.100.0/24 and
// 203.0.113.0/24 (RFC 5737), 2001:db8::/32 (RFC 3849) and 3fff::/20 (RFC 9637),
// the documentation ranges.
var table = []struct {
	prefix netip.Prefix
	class  Class
}{
	{p("0.0.0.0/32"), Unspecified},   // RFC 1122 §3.2.1.3
	{p("0.0.0.0/8"), Reserved},       // RFC 791 §3.2: "this network"
	{p("10.0.0.0/8"), Private},       // RFC 1918
	{p("100.64.0.0/10"), CGNAT},      // RFC 6598
	{p("127.0.0.0/8"), Loopback},     // RFC 1122 §3.2.1.3
	{p("169.254.0.0/16"), LinkLocal}, // RFC 3927
	{p("172.16.0.0/12"), Private},    // RFC 1918
	{p("192.0.0.0/24"), Reserved},    // RFC 6890 §2.1; its /29 is 464XLAT's (RFC 7335)
	{p("192.168.0.0/16"), Private},   // RFC 1918
	{p("198.18.0.0/15"), Reserved},   // RFC 2544: benchmarks, and "fake IP" proxies
	{p("224.0.0.0/4"), Multicast},    // RFC 5771
	{p("240.0.0.0/4"), Reserved},     // RFC 1112 §4, with 255.255.255.255 (RFC 919)
	{p("::/128"), Unspecified},       // RFC 4291 §2.5.2
	{p("::1/128"), Loopback},         // RFC 4291 §2.5.3
	{p("::/96"), Reserved},           // RFC 4291 §2.5.5.1: deprecated
	{p("64:ff9b::/96"), NAT64},       // RFC 6052
	{nat64Local, NAT64},              // RFC 8215
	{p("100::/64"), Reserved},        // RFC 6666: discard
	{p("2001::/32"), Teredo},         // RFC 4380
	{p("2001:2::/48"), Reserved},     // RFC 5180: benchmarks
	{p("2001:10::/28"), Reserved},    // RFC 4843: ORCHID, deprecated
	{p("2001:20::/28"), Reserved},    // RFC 7343: ORCHIDv2
	{p("2002::/16"), SixToFour},      // RFC 3056
	{p("5f00::/16"), Reserved},       // RFC 9602: segment routing
	{p("fc00::/7"), ULA},             // RFC 4193
	{p("fe80::/10"), LinkLocal},      // RFC 4291 §2.5.6
	{p("fec0::/10"), ULA},            // RFC 3879: old site-local, still inside
	{p("ff00::/8"), Multicast},       // RFC 4291 §2.7
}

func p(s string) netip.Prefix { return netip.MustParsePrefix(s) }
