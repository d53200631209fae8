package scenario

import (
	"net/netip"
	"net/url"
	"path"
	"strings"
)

// The closed sets of websites: the core's words (leak/site), and the popup's.
type (
	SiteKind  string
	SitePress string
	Sent      string
)

func (SiteKind) Allowed() []string {
	return []string{"nothing", "undecided", "call", "data", "loopback", "probe", "both"}
}
func (SitePress) Allowed() []string { return []string{"dismiss", "never", "warn", "block", "watch"} }
func (Sent) Allowed() []string      { return []string{"some", "none"} }

// Site is a visit to a website of lab/pages, in a tab of its own, and one look
// at the popup when the page has come to rest.
type Site struct {
	Name   string      `yaml:"name"`
	Page   string      `yaml:"page"`
	Peer   bool        `yaml:"peer"` // somebody answers its calls
	Press  SitePress   `yaml:"press"`
	Expect *SiteExpect `yaml:"expect"`
}

// SiteExpect is what the extension must make of it; what is left out is not compared.
type SiteExpect struct {
	Kind   SiteKind     `yaml:"kind"`
	Badge  *bool        `yaml:"badge"`
	Notice *bool        `yaml:"notice"`
	Reads  []netip.Addr `yaml:"reads"` // what the page itself was shown: the truth beside the watcher's word
	Seen   []netip.Addr `yaml:"seen"`  // in the popup, all of them and no others
	By     []string     `yaml:"by"`    // sites of frames that probed
	Title  string       `yaml:"title"` // message ids of what the popup says
	Detail string       `yaml:"detail"`
	Ledger *SiteEntry   `yaml:"ledger"`
	Sent   Sent         `yaml:"sent"` // STUN packets from the page
	Crash  *bool        `yaml:"crash"`
	Silent bool         `yaml:"silent"` // nothing reached the background at all
	Why    string       `yaml:"why"`
	// Chromium and Firefox replace the fields that they give.
	Chromium *SiteExpect `yaml:"chromium"`
	Firefox  *SiteExpect `yaml:"firefox"`
}

// SiteEntry is the site's entry in the ledger.
type SiteEntry struct {
	None   bool `yaml:"none"` // there is none
	Probes *int `yaml:"probes"`
	Calls  *int `yaml:"calls"`
	Data   *int `yaml:"data"`
	Never  bool `yaml:"never"`
}

// VisitsSites reports whether the scenario visits websites.
func (s *Scenario) VisitsSites() bool {
	for _, step := range s.Steps {
		if step.Site != nil {
			return true
		}
	}
	return false
}

// For is what one browser must show.
func (e *SiteExpect) For(b Browser) SiteExpect {
	out := *e
	out.Chromium, out.Firefox = nil, nil
	differs := e.Chromium
	if b == "firefox" {
		differs = e.Firefox
	}
	if differs == nil {
		return out
	}
	own := *differs
	or(&own.Kind, out.Kind)
	or(&own.Badge, out.Badge)
	or(&own.Notice, out.Notice)
	or(&own.Title, out.Title)
	or(&own.Detail, out.Detail)
	or(&own.Ledger, out.Ledger)
	or(&own.Sent, out.Sent)
	or(&own.Crash, out.Crash)
	own.Silent = own.Silent || out.Silent
	if own.Reads == nil {
		own.Reads = out.Reads
	}
	if own.Seen == nil {
		own.Seen = out.Seen
	}
	if own.By == nil {
		own.By = out.By
	}
	return own
}

func (v *validator) checkSite(at string, s *Site, names map[string]bool) {
	if s.Name == "" || names[s.Name] {
		v.fail(at, "needs a name that no other check, call or site has")
	}
	names[s.Name] = true
	page, err := url.Parse(s.Page)
	if err != nil || page.Scheme != "http" || !strings.HasSuffix(page.Hostname(), ".example") || path.Ext(page.Path) != ".html" {
		v.fail(at+".page", "must be http://NAME.example/FILE.html, a file of lab/pages/site")
	}
	if s.Expect == nil || s.Expect.Kind == "" && (s.Expect.Chromium == nil || s.Expect.Firefox == nil) {
		v.fail(at, "needs expect with kind (%s)", list(SiteKind("").Allowed()))
		return
	}
	for name, e := range map[string]*SiteExpect{"chromium": s.Expect.Chromium, "firefox": s.Expect.Firefox} {
		if e == nil {
			continue
		}
		if e.Chromium != nil || e.Firefox != nil {
			v.fail(at+".expect."+name, "holds a browser again")
		}
		if e.Why == "" {
			v.fail(at+".expect."+name, "needs why: browsers that differ need a reason")
		}
	}
}
