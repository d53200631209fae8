package sightings

import (
	"testing"
)

func TestParseToken(t *testing.T) {
	const good = "abcdefghijklmnopqrstuv2345"
	if k, ok := ParseToken(good); !ok || string(k[:]) != good {
		t.Error("a good token was refused")
	}
	for _, s := range []string{
		"", good[1:], good + "a", "A" + good[1:], "1" + good[1:], "8" + good[1:], "é" + good[2:], " " + good[1:], "{" + good[1:], "`" + good[1:],
	} {
		if _, ok := ParseToken(s); ok {
			t.Errorf("%q was taken", s)
		}
	}
}

func TestParseLabel(t *testing.T) {
	for s, vector := range map[string]string{"f0": "f", "s9": "s", "x12": "x", "v99": "v", "t1": "t", "r3": "r", "p07": "p"} {
		if l, ok := ParseLabel(s); !ok || l.String() != s || l.Vector() != vector {
			t.Errorf("%q: %v, %q, %q", s, ok, l, l.Vector())
		}
	}
	for _, s := range []string{"", "f", "f123", "a0", "ff", "0f", "F0", "f-1", "f1x"} {
		if _, ok := ParseLabel(s); ok {
			t.Errorf("%q was taken", s)
		}
	}
	if (Label{}).String() != "" || (Label{}).Vector() != "" {
		t.Error("the zero label is not empty")
	}
}
