package steps

// The names of pages and switches are those of Windows 11, macOS 15, GNOME 43 and
// later, ChromeOS, Android 14, Chromium 156 and Firefox 153; both browsers' were
// read off their settings. Firefox moved its settings during the 150s, so steps
// there also give the older name, or tell what to search for.
//
// Sources of what is not plain to see:
//   - Android asks a named Private DNS provider even while a VPN brings servers of
//     its own; Automatic takes the VPN's (Android issue 141674015).
//   - A negative dns-priority makes NetworkManager use that connection's servers
//     alone (nm-settings-nmcli(5), ipv4.dns-priority).
//   - Chromium with a provider chosen by name asks nobody else; "OS default" falls
//     back (net/dns, SecureDnsMode). It asks the provider past any proxy.
//   - Quad9's 9.9.9.9 and Cloudflare's 1.1.1.1 state that they send no client
//     subnet (RFC 7871) to name servers.

// all is a part that holds everywhere.
func all(ids ...string) part { return part{"": ids} }

var plans = map[Advice][]part{
	OwnDNS: {
		all("steps_vpn_dns"),
		{
			windows:  {"steps_dns_windows", "steps_dns_windows_set"},
			mac:      {"steps_dns_mac", "steps_dns_mac_set"},
			linux:    {"steps_dns_linux", "steps_dns_linux_set"},
			chromeOS: {"steps_dns_chromeos", "steps_dns_chromeos_set"},
			android:  {"steps_dns_android", "steps_always_on", "steps_always_on_set"},
			"":       {"steps_dns_any_set"},
		},
		{
			chromium: {"steps_or_secure_chromium"},
			firefox:  {"steps_or_secure_firefox"},
			chromeOS: {"steps_or_secure_chromeos"},
			android:  {},
			"":       {"steps_or_secure_any"},
		},
	},
	OneServer: {
		oneServer,
		all("steps_reconnect"),
	},
	FirstServer: {
		all("steps_restart"),
		oneServer,
	},
	SecureDNS: {
		secureDNS,
		{windows: {"steps_secure_windows"}, android: {}, "": {"steps_secure_vpn"}},
		all("steps_secure_router"),
	},
	OtherSecure: {
		{
			firefox: {"steps_secure_firefox", "steps_secure_firefox_other"},
			android: {"steps_secure_android"},
			"":      {"steps_secure_other"},
		},
	},
	NoSubnet: {
		all("steps_vpn_dns"),
		secureDNS,
		all("steps_subnet"),
	},
	ProxyDNS: {
		{
			chromeOS: {"steps_preload", "steps_proxy_secure_chromeos"},
			chromium: {"steps_preload", "steps_proxy_secure"},
			firefox:  {"steps_proxy_firefox", "steps_proxy_firefox_set"},
			"":       {"steps_proxy_any"},
		},
		{android: {"steps_always_on", "steps_always_on_set"}, "": {"steps_proxy_device"}},
	},
	IPv6: {
		all("steps_ipv6_vpn"),
		{
			windows:  {"steps_ipv6_windows", "steps_ipv6_windows_set"},
			mac:      {"steps_ipv6_mac", "steps_ipv6_mac_set"},
			linux:    {"steps_ipv6_linux", "steps_ipv6_linux_set"},
			chromeOS: {"steps_ipv6_router"},
			android:  {"steps_always_on", "steps_always_on_set"},
			"":       {"steps_ipv6_any"},
		},
	},
	VPN: {
		all("steps_vpn_on"),
		{
			windows:  {"steps_vpn_windows", "steps_kill_switch"},
			mac:      {"steps_vpn_mac", "steps_kill_switch"},
			linux:    {"steps_vpn_linux", "steps_kill_switch"},
			chromeOS: {"steps_vpn_chromeos", "steps_kill_switch"},
			android:  {"steps_always_on", "steps_always_on_set"},
			"":       {"steps_kill_switch"},
		},
	},
	Tunnel: {
		all("steps_split"),
		{android: {"steps_always_on", "steps_always_on_set"}, "": {"steps_kill_switch", "steps_device"}},
	},
	RandomIPv6: {
		{
			windows: {"steps_random_windows", "steps_random_windows_stable", "steps_random_windows_private"},
			mac:     {"steps_random_mac"},
			linux:   {"steps_random_linux", "steps_random_linux_set"},
			android: {"steps_random_android", "steps_random_android_set"},
			"":      {"steps_random_any"},
		},
		all("steps_reconnect_network"),
	},
	Permissions: {
		{
			chromium: {"steps_permissions_chromium", "steps_permissions_chromium_camera"},
			firefox:  {"steps_permissions_firefox", "steps_permissions_firefox_camera"},
			"":       {"steps_permissions_any"},
		},
	},
	Extensions: {
		{
			chromium: {"steps_extensions_chromium"},
			firefox:  {"steps_extensions_firefox"},
			"":       {"steps_extensions_any"},
		},
		all("steps_extensions_test"),
	},
}

// oneServer leaves the VPN's server alone in the system's list.
var oneServer = part{
	windows:  {"steps_dns_windows", "steps_dns_windows_only"},
	mac:      {"steps_dns_mac", "steps_dns_mac_only"},
	linux:    {"steps_dns_linux", "steps_dns_linux_only", "steps_dns_linux_priority"},
	chromeOS: {"steps_dns_chromeos", "steps_dns_chromeos_only"},
	android:  {"steps_dns_android", "steps_always_on", "steps_always_on_set"},
	"":       {"steps_dns_any_only"},
}

// secureDNS turns encrypted DNS on where the browser is told to; on ChromeOS and
// Android that is the system.
var secureDNS = part{
	chromium: {"steps_secure_chromium", "steps_secure_chromium_set"},
	firefox:  {"steps_secure_firefox", "steps_secure_firefox_set"},
	chromeOS: {"steps_secure_chromeos", "steps_secure_any_set"},
	android:  {"steps_secure_android"},
	"":       {"steps_secure_any", "steps_secure_any_set"},
}
