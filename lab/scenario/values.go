package scenario

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// The closed sets of the format. Adding a value here makes it legal in files;
// the part of the lab that acts on it must then know it too.
type (
	Browser      string
	AccessV4     string
	AccessV6     string
	TunnelKind   string
	ProxyKind    string
	ResolverKind string
	OperatorKind string
	HostModel    string
	Link         string
	Family       string
	Part         string
	Permission   string
	Position     string
	Outcome      string
	Row          string
	Certainty    string
	FindingID    string
	HTTPVersion  string
)

func (Browser) Allowed() []string    { return []string{"chromium", "firefox"} }
func (AccessV4) Allowed() []string   { return []string{"nat", "public", "cgnat", "none"} }
func (AccessV6) Allowed() []string   { return []string{"none", "native", "eui64"} }
func (TunnelKind) Allowed() []string { return []string{"wireguard", "openvpn"} }
func (ProxyKind) Allowed() []string  { return []string{"socks5", "http"} }
func (ResolverKind) Allowed() []string {
	return []string{"unbound", "bind", "knot", "pdns", "dnsmasq", "systemd-resolved"}
}
func (OperatorKind) Allowed() []string { return []string{"access", "hosting", "vpn", "resolver"} }
func (HostModel) Allowed() []string    { return []string{"weak", "strong"} }
func (Link) Allowed() []string         { return []string{"isp", "vpn"} }
func (Family) Allowed() []string       { return []string{"ipv4", "ipv6"} }
func (Part) Allowed() []string {
	return []string{"companion", "http", "stun", "dns", "ipv6"}
}
func (Permission) Allowed() []string { return []string{"microphone", "camera"} }
func (Position) Allowed() []string   { return []string{"up", "down"} }
func (Outcome) Allowed() []string    { return []string{"leak", "clear", "unknown"} }
func (Row) Allowed() []string        { return []string{"exit", "dns", "webrtc"} }
func (Certainty) Allowed() []string  { return []string{"proven", "likely"} }

// Allowed are the names of ALPN (RFC 7301 §6).
func (HTTPVersion) Allowed() []string { return []string{"http/1.1", "h2"} }

// Allowed is the table of ARCHITECTURE.md: ids are stable, a typing error in one
// would otherwise read as a missed finding.
func (FindingID) Allowed() []string {
	return []string{
		"webrtc-public-ip", "webrtc-local-ip", "webrtc-hardware-id", "webrtc-permission-exposure",
		"ipv6-bypass", "vpn-off",
		"dns-isp-resolver", "dns-mixed", "dns-failover", "dns-intercepted",
		"dns-client-subnet", "dns-proxy-bypass", "dns-public-operator",
		"policy-overridden",
	}
}

// Duration is written as Go writes it: 40ms, 1.5s.
type Duration time.Duration

var errValue = errors.New("not allowed")

// Longer waits than this are typing errors: a check ends after 2.5 s.
const maxDuration = Duration(time.Minute)

func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil || v < 0 || Duration(v) > maxDuration {
		return errValue
	}
	*d = Duration(v)
	return nil
}

func (Duration) Describe() string { return "a time from 0s to 1m, such as 40ms" }

// Percent is written 5%.
type Percent float64

func (p *Percent) UnmarshalText(b []byte) error {
	number, ok := strings.CutSuffix(string(b), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(v >= 0 && v <= 100) {
		return errValue
	}
	*p = Percent(v)
	return nil
}

func (Percent) Describe() string { return "a share from 0% to 100%" }
