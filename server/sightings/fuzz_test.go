package sightings

import (
	"regexp"
	"testing"
)

var (
	tokenShape = regexp.MustCompile(`^[a-z2-7]{26}$`)
	labelShape = regexp.MustCompile(`^[fsprxtv][0-9]{1,2}$`)
)

// FuzzNames: a token has the full length of 128 bits in base32 or is none, a label its
// shape; both read back as they were written, from text and from octets.
func FuzzNames(f *testing.F) {
	for _, s := range []string{"", "abcdefghijklmnopqrstuv2345", "abcdefghijklmnopqrstuv234", "abcdefghijklmnopqrstuv23456", "ABCDEFGHIJKLMNOPQRSTUV2345", "abcdefghijklmnopqrstuv2341", "f0", "x99", "f000", "q1", "f\x00", "f0\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, ok := ParseToken(s)
		if k2, ok2 := ParseToken([]byte(s)); k != k2 || ok != ok2 || ok != tokenShape.MatchString(s) || ok && string(k[:]) != s {
			t.Fatalf("token %q: %v", s, ok)
		}
		l, ok := ParseLabel(s)
		if l2, ok2 := ParseLabel([]byte(s)); l != l2 || ok != ok2 || ok != labelShape.MatchString(s) || ok && (l.String() != s || l.Vector() != s[:1]) {
			t.Fatalf("label %q: %v", s, ok)
		}
	})
}
