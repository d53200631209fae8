package panics

import (
	"bytes"
	"strings"
	"testing"
)

func provoked(f func()) (where string) {
	defer func() {
		if recover() != nil {
			where = Place()
		}
	}()
	f()
	return ""
}

func index(list []int, i int) int { return list[i] }

func divide(a, b int) int { return a / b }

// TestPlace: the function that made the mistake, also where the runtime noticed it.
func TestPlace(t *testing.T) {
	for want, f := range map[string]func(){
		"panics.index:":  func() { index(nil, 3) },
		"panics.divide:": func() { divide(1, 0) },
		"TestPlace":      func() { panic("by hand") },
	} {
		if where := provoked(f); !strings.Contains(where, want) {
			t.Errorf("panicked in %q, want %s", where, want)
		}
	}
}

func TestTeller(t *testing.T) {
	var out bytes.Buffer
	teller := NewTeller(&out)
	for range 100 {
		teller.Tell("a.b:1")
		teller.Tell("a.c:2")
	}
	if n := strings.Count(out.String(), "\n"); n != 2 || !strings.Contains(out.String(), "a.b:1") || !strings.Contains(out.String(), "a.c:2") {
		t.Errorf("%d lines: %s", n, &out)
	}
}
