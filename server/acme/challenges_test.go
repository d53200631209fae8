package acme

import (
	"strings"
	"testing"

	"github.com/mholt/acmez/v3/acme"
)

// TestChallenges: two proofs at one name come and go apart.
func TestChallenges(t *testing.T) {
	one := func(auth string) acme.Challenge {
		return acme.Challenge{Type: acme.ChallengeTypeDNS01, KeyAuthorization: auth, Identifier: acme.Identifier{Type: "dns", Value: "Leak.example.org"}}
	}
	const name = "_acme-challenge.leak.example.org"
	var c Challenges
	if err := c.CleanUp(t.Context(), one("never presented")); err != nil {
		t.Error(err)
	}
	for _, auth := range []string{"a", "b"} {
		if err := c.Present(t.Context(), one(auth)); err != nil {
			t.Error(err)
		}
	}
	if got := c.Texts(name); len(got) != 2 || got[0] == got[1] || strings.Contains(got[0], "=") || len(got[0]) != 43 {
		t.Errorf("%q", got)
	}
	_ = c.CleanUp(t.Context(), one("a"))
	b := one("b")
	if got := c.Texts(name); len(got) != 1 || got[0] != b.DNS01KeyAuthorization() {
		t.Errorf("%q", got)
	}
	_ = c.CleanUp(t.Context(), one("b"))
	if got := c.Texts(name); len(got) != 0 || len(c.texts) != 0 {
		t.Errorf("%q", got)
	}
}

// TestTell: the operator hears of what came and what did not, and of nothing else.
func TestTell(t *testing.T) {
	var got []string
	say := func(s string) { got = append(got, s) }
	tell(say, "tls_get_certificate", map[string]any{"client_hello": "192.0.2.1"})
	tell(say, "cert_obtained", map[string]any{"identifier": "a.test"})
	tell(say, "cert_failed", map[string]any{"identifier": "b.test", "error": errNone})
	if len(got) != 2 || !strings.Contains(got[0], "a.test") || !strings.Contains(got[1], "b.test") || !strings.Contains(got[1], errNone.Error()) {
		t.Errorf("%q", got)
	}
}
