// Package steps spells out a line of advice for the system and browser at hand:
// which page of settings to open, and what to choose there. It is for what a
// browser extension cannot mend, such as the system's DNS servers, IPv6 in the
// VPN, or the browser's proxy.
//
// For is a pure function of advice, system and browser. A step is the id of a
// text of the extension's locales without arguments. The steps say no more than
// what the advice says, and promise nothing: the next test tells.
package steps

// Max is how many steps there are at most: more are not read in a popup.
const Max = 4

// Advice is what is to be mended.
type Advice string

// The advice. "Server" is a DNS server here.
const (
	OwnDNS      Advice = "own-dns"      // use the VPN's servers
	OneServer   Advice = "one-server"   // keep no second server beside the VPN's
	FirstServer Advice = "first-server" // go back to the first server, and keep no second one
	SecureDNS   Advice = "secure-dns"   // encrypt DNS, so that nobody on the way can answer it
	OtherSecure Advice = "other-secure" // the server of DNS over HTTPS is the one to change
	NoSubnet    Advice = "no-subnet"    // use a server that does not pass the user's network on
	ProxyDNS    Advice = "proxy-dns"    // send look-ups where the pages go
	IPv6        Advice = "ipv6"         // IPv6 into the VPN, or off
	VPN         Advice = "vpn"          // turn the VPN on, and keep it on
	Tunnel      Advice = "tunnel"       // send all traffic through the VPN
	RandomIPv6  Advice = "random-ipv6"  // IPv6 addresses without the network card's number
	Permissions Advice = "permissions"  // take back microphone and camera
	Extensions  Advice = "extensions"   // find the extension that holds the WebRTC setting
)

// The systems that have steps of their own; any other string gets general ones.
const (
	windows  = "windows"
	mac      = "mac"
	linux    = "linux"
	chromeOS = "chromeos"
	android  = "android"
)

// The browsers, likewise.
const (
	chromium = "chromium"
	firefox  = "firefox"
)

// part is one stretch of a plan. Its keys are systems, browsers, and "" for the
// rest; what is said for a system goes before what is said for a browser.
type part map[string][]string

// pick chooses what holds here. Android's browsers have no pages of settings with
// an address, so what is said for a browser is not for them.
func (p part) pick(os, browser string) []string {
	if list, ok := p[os]; ok && os != "" {
		return list
	}
	if list, ok := p[browser]; ok && os != android {
		return list
	}
	return p[""]
}

// For gives the ids of the steps, at most Max; none for unknown advice.
func For(advice Advice, os, browser string) []string {
	out := []string{}
	for _, p := range plans[advice] {
		out = append(out, p.pick(os, browser)...)
	}
	return out
}
