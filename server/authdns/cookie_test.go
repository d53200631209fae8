package authdns

import (
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

func withCookie(value string) *dns.Msg {
	q := query("f0."+tok+"."+zone, dns.TypeA)
	q.SetEdns0(1232, false)
	o := q.IsEdns0()
	o.Option = append(o.Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: value})
	return q
}

func cookieOf(m *dns.Msg) string {
	if o := m.IsEdns0(); o != nil {
		for _, o := range o.Option {
			if c, ok := o.(*dns.EDNS0_COOKIE); ok {
				return c.Cookie
			}
		}
	}
	return ""
}

// TestCookie: the client's half comes back with ours, over both transports, and
// proves that very address.
func TestCookie(t *testing.T) {
	h, seen := handler(t)
	const client = "0011223344556677"
	first := cookieOf(ask(t, h, withCookie(client), sightings.UDP))
	if len(first) != 48 || !strings.HasPrefix(first, client+"01000000") {
		t.Fatalf("cookie %q", first)
	}
	if again := cookieOf(ask(t, h, withCookie(first), sightings.TCP)); again != first {
		t.Errorf("a good cookie was replaced by %q", again)
	}
	if wrong := client + strings.Repeat("ab", 32); cookieOf(ask(t, h, withCookie(wrong), sightings.UDP))[:24] != first[:24] {
		t.Error("a foreign cookie is no error, and gets ours")
	}
	if !(*seen)[0].EDNS.Cookie {
		t.Error("not told")
	}
	b, _ := withCookie(first).Pack()
	bare, _ := withCookie(client).Pack()
	if other := resolver.Addr().Next(); !h.Proven(b, resolver.Addr()) || h.Proven(b, other) || h.Proven(bare, resolver.Addr()) || h.Proven(b[:20], resolver.Addr()) {
		t.Error("proof is wrong")
	}
	for _, size := range []int{0, 7, 9, 15, 41} { // RFC 7873 §5.2.2
		if m := ask(t, h, withCookie(strings.Repeat("00", size)), sightings.UDP); m.Rcode != dns.RcodeFormatError {
			t.Errorf("%d bytes: %s", size, dns.RcodeToString[m.Rcode])
		}
	}
}
