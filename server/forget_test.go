package main

import (
	"net/http"
	"slices"
	"testing"
)

// TestForgetful: all that have visitors in mind are asked to forget them.
func TestForgetful(t *testing.T) {
	s := begin(t)
	defer end(t, s)
	res, err := http.Get("http://" + s.http[0].String() + "/v1/exit")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	all := s.forgetful()
	for name, one := range map[string]forgetter{"the API's limit": s.pacer, "DNS's limit": s.guard.names, "STUN's limit": s.guard.bindings, "the limit of TCP": s.guard.known} {
		if !slices.Contains(all, one) {
			t.Errorf("%s is not", name)
		}
	}
	if listeners := len(s.closers) + len(s.doors); len(all) < 4+listeners {
		t.Errorf("only %d of %d listeners are", len(all)-4, listeners)
	}
}
