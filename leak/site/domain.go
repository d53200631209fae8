package site

import (
	"strings"

	"golang.org/x/net/publicsuffix"

	"watertight/leak/address"
)

// Of gives the site that a host belongs to: its registrable domain by the Public
// Suffix List, an IP address in its shortest form, or the host itself where there
// is no such domain (localhost, single labels, a public suffix). It is "" for
// what is no host. Names stay as URLs have them (RFC 5890 A-labels): shown like
// that, look-alikes cannot deceive.
func Of(host string) string {
	host, isAddress := plain(host)
	if isAddress {
		return host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// plain gives a host the one form that it has here, or "" if it is none, and
// tells whether it is an IP address.
func plain(host string) (string, bool) {
	if len(host) > maxHost+2 { // a trailing dot, or brackets
		return "", false
	}
	host = strings.ToLower(host)
	if inner, ok := strings.CutPrefix(host, "["); ok { // RFC 3986 §3.2.2
		if inner, ok = strings.CutSuffix(inner, "]"); !ok || !strings.Contains(inner, ":") {
			return "", false
		}
		host = inner
	}
	if a, ok := address.Parse(host); ok && host == strings.TrimSpace(host) {
		return a.String(), true
	}
	host = strings.TrimSuffix(host, ".") // the same host, written in full (RFC 1034 §3.1)
	if !isName(host) {
		return "", false
	}
	return host, false
}

// isName reports whether a lower-case text is a host name as browsers have them;
// the underscore is no host's (RFC 952), and yet exists.
func isName(s string) bool {
	if s == "" || len(s) > maxHost {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > maxLabel {
			return false
		}
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
