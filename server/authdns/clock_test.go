package authdns

import (
	"testing"
	"time"

	"github.com/miekg/dns"

	"watertight/server/sightings"
)

// TestClockSteps: whatever the wall clock does, answers are right, signatures are of
// now, a cookie of another time is replaced and not refused, and a flood of denials
// gets no more signatures than it would.
func TestClockSteps(t *testing.T) {
	at := time.Unix(1_800_000_000, 0)
	h, key := signedHandler(t, func() time.Time { return at })
	h.record = func(sightings.Observation) {}
	h.fast.Record = h.record
	cookie := "0011223344556677"
	for _, step := range []time.Duration{0, time.Hour, 24 * time.Hour, -24 * time.Hour, -time.Hour, 12 * 365 * 24 * time.Hour, -12 * 365 * 24 * time.Hour, -6 * time.Minute, time.Second} {
		at = at.Add(step)
		if m := ask(t, h, query("f0."+tok+"."+zone, dns.TypeA), sightings.UDP); m.Rcode != dns.RcodeNameError || len(m.Ns) != 1 {
			t.Errorf("%v: %v", step, m)
		}
		m := ask(t, h, secure("valid."+sig, dns.TypeA), sightings.UDP)
		if wrong := verify(t, key, m.Answer, at); len(m.Answer) != 2 || wrong != nil {
			t.Errorf("%v: %v", step, m)
		}
		m = ask(t, h, withCookie(cookie), sightings.UDP)
		if cookie = cookieOf(m); m.Rcode != dns.RcodeNameError || len(cookie) != 48 {
			t.Errorf("%v: cookie %q, %v", step, cookie, m)
		}
		if b, _ := withCookie(cookie).Pack(); !h.Proven(b, resolver.Addr()) {
			t.Errorf("%v: the new cookie is not good", step)
		}
		signed := 0
		for range 500 {
			if ask(t, h, secure("nothing."+sig, dns.TypeA), sightings.UDP).Rcode == dns.RcodeSuccess {
				signed++
			}
		}
		if signed > 400 {
			t.Errorf("%v: %d signatures at once", step, signed)
		}
	}
}
