package site

import (
	"reflect"
	"strings"
	"testing"
)

func TestBlockPatterns(t *testing.T) {
	p := Block("firefox", "153.7.0", []string{
		"meet.example.co.uk", "example.com", "example.com", "github.io", "me.github.io", "localhost",
		"192.0.2.1", "2001:db8::1", "", "a b", "*", "*.com", "example.com/x", "EXAMPLE.org", "com",
	})
	var want []string
	for _, host := range []string{
		"192.0.2.1", "[2001:db8::1]", "com", "*.example.com", "github.io", "localhost", "*.me.github.io",
	} {
		want = append(want, "http://"+host+"/*", "https://"+host+"/*")
	}
	if !reflect.DeepEqual(p.Patterns, want) {
		t.Errorf("%q, want %q", p.Patterns, want)
	}
}

// TestBlockDecision holds that the header is used only where a row of the table
// says that it is safe, and then for domains that are one owner's alone.
func TestBlockDecision(t *testing.T) {
	sites := []string{"example.com", "github.io", "192.0.2.1"}
	for _, c := range []struct{ browser, version, how string }{
		{"chromium", "151.0.1.2", ByWrapper}, {"chromium", "", ByWrapper}, {"chromium", "x", ByWrapper},
		{"firefox", "153.7.0", ByWrapper}, {"safari", "20", ByWrapper}, {"", "", ByWrapper},
	} {
		if p := Block(c.browser, c.version, sites); p.How != c.how || p.Header != "" || len(p.Domains) != 0 {
			t.Errorf("%s %s: %+v", c.browser, c.version, p)
		}
	}
	p := Block("chromium", "156.0.8078.79", sites)
	if p.How != ByHeader || p.Note.ID != msgBlockHeader || !reflect.DeepEqual(p.Domains, []string{"example.com"}) || len(p.Patterns) != 6 {
		t.Errorf("%+v", p)
	}
	if p.Header != "Connection-Allowlist" || !strings.HasSuffix(p.Value, ";redirects=allow;webrtc=block") {
		t.Errorf("header %q: %q", p.Header, p.Value)
	}
	if p := Block("chromium", "155", sites); p.How != ByWrapper || p.Note.ID != msgBlockOld {
		t.Errorf("a version before the row: %+v", p)
	}
	if p := Block("chromium", "400", sites); p.How != ByHeader {
		t.Errorf("a version of tomorrow: %+v", p)
	}
}

func TestBlockBounded(t *testing.T) {
	var sites []string
	for i := range 3 * maxBlocked {
		sites = append(sites, strings.Repeat("a", i%60+1)+string(rune('a'+i/60))+".example.com")
	}
	sites[0] = "x.com"
	if p := Block("firefox", "1", sites); len(p.Patterns) > 2*maxBlocked {
		t.Errorf("%d patterns", len(p.Patterns))
	}
}
