package site

import (
	"strings"
	"testing"
)

func TestOf(t *testing.T) {
	label := strings.Repeat("a", maxLabel)
	for host, want := range map[string]string{
		"example.com": "example.com", "www.example.com": "example.com", "a.b.c.example.co.uk": "example.co.uk",
		"WWW.Example.COM": "example.com", "www.example.com.": "example.com", "co.uk": "co.uk", "com": "com",
		"alice.github.io": "alice.github.io", "x.alice.github.io": "alice.github.io", "github.io": "github.io",
		"www.ck": "www.ck", "a.b.ck": "a.b.ck", // the list's exception and wildcard
		"localhost": "localhost", "localhost.": "localhost", "app.localhost": "app.localhost", "router": "router", "nas.lan": "nas.lan",
		"a.b.home.arpa":        "b.home.arpa",
		"www.xn--bcher-kva.de": "xn--bcher-kva.de", "foo.xn--85x722f.xn--55qx5d.cn": "xn--85x722f.xn--55qx5d.cn",
		"192.0.2.1": "192.0.2.1", "192.168.1.10": "192.168.1.10", "127.0.0.1": "127.0.0.1",
		"[2001:DB8:0::1]": "2001:db8::1", "2001:db8::1": "2001:db8::1", "[::1]": "::1", "[::ffff:192.0.2.1]": "192.0.2.1",
		"_dmarc.example.com": "example.com", label + ".com": label + ".com",
		"": "", ".": "", "..": "", ".com": "", "a..com": "", "example.com..": "", "-": "-",
		"example.com:443": "", "http://example.com": "", "exa mple.com": "", " example.com": "", " 192.0.2.1": "",
		"bücher.de": "", "<b>": "", "[": "", "[]": "", "[example.com]": "", "[::1": "", "*": "", "a\x00.com": "",
		label + "a.com": "", strings.Repeat("a.", 200) + "com": "",
	} {
		if got := Of(host); got != want {
			t.Errorf("Of(%q) = %q, want %q", host, got, want)
		}
		if again := Of(Of(host)); again != Of(host) {
			t.Errorf("Of(%q) is of %q", Of(host), again)
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, host := range []string{"www.example.co.uk.", "[2001:db8::1]", "192.0.2.1", "xn--bcher-kva.de", "localhost", "a.b.ck", ".", "[::ffff:1.2.3.4]"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		site := Of(host)
		if Of(site) != site {
			t.Fatalf("%q has the site %q, which is of %q", host, site, Of(site))
		}
		if len(site) > maxHost || site != "" && strings.Trim(site, "abcdefghijklmnopqrstuvwxyz0123456789.-_:") != "" {
			t.Fatalf("%q has the site %q", host, site)
		}
		if lower := strings.ToLower(host); site != "" && !strings.Contains(site, ":") && !strings.Contains(lower, ":") && !strings.Contains(lower, site) {
			t.Fatalf("%q has the site %q, which it does not contain", host, site)
		}
	})
}
