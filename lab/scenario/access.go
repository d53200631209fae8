package scenario

// checkAccess checks the real connection, and who the client asks names beside
// resolv.conf.
func (v *validator) checkAccess() {
	isp := v.ISP
	if isp.IPv4 == "none" && (isp.IPv6 == "none" || v.VPN != nil || v.Proxy != nil) {
		v.fail("isp.ipv4", "none needs isp.ipv6, and neither vpn nor proxy (their servers have IPv4 addresses)")
	}
	if isp.NAT64 && isp.IPv4 != "none" {
		v.fail("isp.nat64", "is for clients without IPv4: needs isp.ipv4: none")
	}
	if isp.RADNS != "" {
		v.known("isp.ra_dns", isp.RADNS, v.names())
		if isp.IPv6 == "none" || isp.IPv4 == "public" {
			v.fail("isp.ra_dns", "needs isp.ipv6 and a home router (isp.ipv4: nat, cgnat or none)")
		}
	}
	if name := v.Client.DoH; name != "" {
		v.known("client.doh", name, v.names())
		if r, ok := v.Resolvers[name]; ok && !r.DoH {
			v.fail("client.doh", "needs doh: true at the resolver %s", name)
		}
	}
}
