package asn

import "net/netip"

// specials are the blocks that belong to nobody in particular, so that whatever
// the open data says about them is an accident of routing. From the IANA
// special-purpose address registries (RFC 6890), without those that are globally
// reachable.
var specials = prefixes(
	"0.0.0.0/8",       // RFC 791
	"10.0.0.0/8",      // RFC 1918
	"100.64.0.0/10",   // RFC 6598
	"127.0.0.0/8",     // RFC 1122
	"169.254.0.0/16",  // RFC 3927
	"172.16.0.0/12",   // RFC 1918
	"192.0.0.0/24",    // RFC 6890
	"192.0.2.0/24",    // RFC 5737
	"192.168.0.0/16",  // RFC 1918
	"198.18.0.0/15",   // RFC 2544
	"198.51.100.0/24", // RFC 5737
	"203.0.113.0/24",  // RFC 5737
	"224.0.0.0/4",     // RFC 5771
	"240.0.0.0/4",     // RFC 1112
	"2001:2::/48",     // RFC 5180
	"2001:10::/28",    // RFC 4843
	"2001:20::/28",    // RFC 7343
	"2001:db8::/32",   // RFC 3849
	"3fff::/20",       // RFC 9637
)

// unicast6 is all of IPv6 that is handed out (RFC 4291 §2.4, IANA).
var unicast6 = netip.MustParsePrefix("2000::/3")

// leading tells by the first byte whether a list needs a closer look: for nearly
// all addresses of the Internet it does not.
func leading() (v4, v6 [256][]netip.Prefix) {
	for _, p := range specials {
		table, first := &v6, p.Addr().AsSlice()[0]
		if p.Addr().Is4() {
			table = &v4
		}
		for i := int(first); i < int(first)+1<<max(0, 8-p.Bits()); i++ {
			table[i] = append(table[i], p)
		}
	}
	return v4, v6
}

var leading4, leading6 = leading()

func special(a netip.Addr) bool {
	var list []netip.Prefix
	if a.Is4() {
		list = leading4[a.As4()[0]]
	} else {
		if !unicast6.Contains(a) {
			return true
		}
		list = leading6[a.As16()[0]]
	}
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}
