package sightings

import (
	"net/netip"
	"testing"
	"time"
)

func token(n int) Token {
	const digits = "abcdefghijklmnopqrstuvwxyz234567"
	var t Token
	for i := range t {
		t[i] = digits[n%32]
		n /= 32
	}
	return t
}

func label(t testing.TB, s string) Label {
	t.Helper()
	l, ok := ParseLabel(s)
	if !ok {
		t.Fatalf("label %q", s)
	}
	return l
}

func observe(t testing.TB, k Token, l, resolver string, typ uint16) Observation {
	return Observation{Token: k, Label: label(t, l), Resolver: netip.MustParseAddr(resolver), Type: typ}
}

// clock is a time that the test moves.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }
