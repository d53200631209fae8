package main

import (
	"regexp"
	"testing"

	"watertight/lab/scenario"
)

func TestTableScenarios(t *testing.T) {
	for _, kind := range scenario.ResolverKind("").Allowed() {
		s, err := tableScenario(kind, kind == "pdns")
		if err != nil {
			t.Fatal(err)
		}
		if r := s.Resolvers["isp"]; string(r.Kind) != kind || r.ECS != (kind == "pdns") || (r.On == "client") != (kind == "systemd-resolved") {
			t.Errorf("%s: %+v", kind, r)
		}
	}
	if code := dispatch(t.Context(), []string{"resolvers", "djbdns"}); code != exitUsage {
		t.Errorf("an unknown resolver: exit %d", code)
	}
}

func TestToken(t *testing.T) {
	a, b := newToken(), newToken()
	if a == b || !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(a) {
		t.Error(a, b)
	}
}
