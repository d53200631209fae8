package site

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/publicsuffix"

	"watertight/leak/verdict"
)

// How a site's WebRTC is blocked.
const (
	ByHeader  = "header"  // the browser itself, by a response header that the extension adds
	ByWrapper = "wrapper" // its scripts find no WebRTC; who tries hard gets around it
)

// Plan says how the sites that the user chose are blocked.
type Plan struct {
	How  string       `json:"how"`
	Note verdict.Text `json:"note"` // what that is worth, and why it is no better
	// Header, for ByHeader: on the documents of these domains and of all below
	// them, and on those of others in frames of their pages.
	Header  string   `json:"header"`
	Value   string   `json:"value"`
	Domains []string `json:"domains"`
	// Patterns of the documents in which the wrapper takes WebRTC away. Also with
	// the header, for two reasons: a page that its own service worker makes has no
	// header, and in Chromium 156 the first use of WebRTC in a frame beside a
	// document that has it ends the tab, so that honest scripts must find none.
	Patterns []string `json:"patterns"`
}

// The header of the Connection Allowlists proposal (WICG connection-allowlists):
// everything may be asked but WebRTC. Redirects must be allowed by name.
const (
	headerName  = "Connection-Allowlist"
	headerValue = `(response-origin "*://*:*/*");redirects=allow;webrtc=block`
)

// measured says from which version on a browser blocks by the header, and
// whether that can be used. The last row that fits counts; versions after the
// last row are taken to be like it until somebody has measured them.
//
// Chromium 156: no packet in more than 60 loads, everything else works as
// without; who gets around the wrapper, in a frame that shares the page's process,
// ends the tab and still sends nothing; rules hold from the moment that the
// browser has answered, and for pages that are loaded after that.
var measured = []struct {
	browser string
	from    int
	how     string
	note    string
}{
	{"chromium", 0, ByWrapper, msgBlockOld},
	{"chromium", 156, ByHeader, msgBlockHeader},
	{"firefox", 0, ByWrapper, msgBlockFirefox},
}

// maxBlocked sites: each costs a rule and a pattern that the browser looks at
// with every page.
const maxBlocked = 200

// Block says how sites are blocked in a browser. What is no site is left out.
func Block(browser, version string, sites []string) Plan {
	p := Plan{How: ByWrapper, Note: text(msgBlockOld), Domains: []string{}, Patterns: []string{}}
	number, _, _ := strings.Cut(version, ".")
	major, _ := strconv.Atoi(number)
	for _, row := range measured {
		if row.browser == browser && major >= row.from {
			p.How, p.Note = row.how, text(row.note)
		}
	}
	if p.How == ByHeader {
		p.Header, p.Value = headerName, headerValue
	}
	sites = slices.Clone(sites)
	slices.Sort(sites)
	for _, name := range head(slices.Compact(sites), maxBlocked) {
		if name == "" || Of(name) != name {
			continue
		}
		p.Patterns = append(p.Patterns, patterns(name)...)
		if p.How == ByHeader && registrable(name) {
			p.Domains = append(p.Domains, name)
		}
	}
	return p
}

// registrable reports whether the names below a site are all its own: those below
// a public suffix are other people's.
func registrable(name string) bool {
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	_, isAddress := plain(name)
	return err == nil && domain == name && !isAddress
}

// patterns are the match patterns for all documents of a site. One for each
// scheme: to Chromium, a permission for both is none for "*".
func patterns(name string) []string {
	host := name
	switch {
	case registrable(name):
		host = "*." + name // and the domain itself
	case strings.Contains(name, ":"):
		host = "[" + name + "]"
	}
	return []string{"http://" + host + "/*", "https://" + host + "/*"}
}
