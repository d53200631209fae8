package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// zoneMax leaves room for the longest probe, `v0.<token>.v6.`, in a name of 253
// octets (RFC 1035 §2.3.4), as extension/lib/config.js has it: the extension
// would refuse a longer zone in its settings.
const zoneMax = 253 - 3 - 1 - 26 - 1 - 3

// companion is the server that the extension is built for.
type companion struct{ scheme, host, zone string }

func newCompanion(api, zone string) (companion, error) {
	c, err := parseAPI(api)
	if err != nil {
		return companion{}, fmt.Errorf("--api %q: %w", api, err)
	}
	if c.zone, err = parseZone(zone); err != nil {
		return companion{}, fmt.Errorf("--zone %q: %w", zone, err)
	}
	return c, nil
}

// parseAPI reads an origin, and writes it as browsers do.
func parseAPI(text string) (companion, error) {
	u, err := url.Parse(text)
	if err != nil {
		return companion{}, fmt.Errorf("parse address: %w", err)
	}
	switch rest := *u; {
	case u.Scheme != "http" && u.Scheme != "https":
		return companion{}, fmt.Errorf("want http:// or https:// and a host")
	case u.User != nil:
		return companion{}, fmt.Errorf("want no user name or password")
	default:
		rest.Scheme, rest.Host = "", ""
		if s := rest.String(); s != "" && s != "/" || strings.Contains(text, "#") {
			return companion{}, fmt.Errorf("want no path, query or fragment")
		}
	}
	host := strings.ToLower(u.Hostname())
	ip, err := netip.ParseAddr(host)
	switch {
	case err == nil && ip.Zone() != "":
		return companion{}, fmt.Errorf("want an address without a zone")
	case err == nil && ip.Is6():
		host = "[" + ip.String() + "]"
	case err == nil:
	case len(host) > 253 || allDigits(host) || !labels(host):
		return companion{}, fmt.Errorf("%q is neither a host name nor an address", host)
	}
	port := u.Port()
	if n, err := strconv.ParseUint(port, 10, 16); port != "" && (err != nil || n == 0) {
		return companion{}, fmt.Errorf("%q is no port", port)
	}
	if port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	return companion{scheme: u.Scheme, host: host}, nil
}

func parseZone(text string) (string, error) {
	zone := strings.ToLower(strings.TrimSuffix(text, "."))
	switch {
	case zone == "" && text == "":
		return "", nil
	case len(zone) > zoneMax:
		return "", fmt.Errorf("want at most %d characters, so that probes fit below it", zoneMax)
	case !strings.Contains(zone, "."):
		return "", fmt.Errorf("want a name of two labels or more")
	case allDigits(zone):
		return "", fmt.Errorf("want a name, not an address")
	case !labels(zone):
		return "", fmt.Errorf("want labels of 1 to 63 letters, digits and inner hyphens")
	}
	return zone, nil
}

// label is letters, digits and hyphens inside (RFC 1123 §2.1).
var label = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

func labels(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if !label.MatchString(part) {
			return false
		}
	}
	return true
}

// allDigits tells what a browser would take for an IPv4 address.
func allDigits(name string) bool { return strings.Trim(name, "0123456789.") == "" }

// framePatterns are the match patterns of the pages in which the content
// script runs. They name no port: Firefox knows none in patterns, and without
// one both browsers match any.
func (c companion) framePatterns() []string {
	u := url.URL{Host: c.host}
	hosts := []string{u.Hostname()}
	if strings.Contains(hosts[0], ":") {
		hosts[0] = "[" + hosts[0] + "]"
	}
	if c.zone != "" {
		hosts = []string{"ip4." + c.zone, "ip6." + c.zone}
	}
	patterns := make([]string, len(hosts))
	for i, host := range hosts {
		patterns[i] = c.scheme + "://" + host + "/v1/frame*"
	}
	return patterns
}

// defaults is lib/defaults.js for this companion.
func (c companion) defaults() []byte {
	quote := func(s string) string {
		b, _ := json.Marshal(s) // a string always marshals
		return string(b)
	}
	return fmt.Appendf(nil, "/** The built-in companion; written by the build. */\nexport const COMPANION = { api: %s, zone: %s };\n",
		quote(c.scheme+"://"+c.host), quote(c.zone))
}
