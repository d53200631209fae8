package result

import (
	"strings"
	"testing"
)

func TestAgain(t *testing.T) {
	e := expect(t, " outcome: clear\n findings: []\n budget: {verdict_ms: 1000, first_paint_ms: 150}")
	const slow = `{"outcome":"clear","findings":[],"ms":{"first_paint":200,"verdict":900}}`
	for name, c := range map[string]struct {
		next, wrong string
		late        bool
	}{
		"each time at its best": {`{"outcome":"clear","findings":[],"ms":{"first_paint":140,"verdict":1100}}`, "", false},
		"still late":            {`{"outcome":"clear","findings":[],"ms":{"first_paint":180,"verdict":800}}`, "first paint after 180 ms, budget 150 ms", true},
		"no time is not fast":   {`{"outcome":"clear","findings":[],"ms":{"verdict":800}}`, "first paint after 200 ms, budget 150 ms", true},
		"another outcome":       {`{"outcome":"unknown","findings":[],"ms":{"first_paint":100,"verdict":100}}`, "outcome is unknown, expected clear", false},
	} {
		t.Run(name, func(t *testing.T) {
			first := Compare(e, reply(t, slow))
			if !first.Late(e.Budget) {
				t.Fatalf("the first try should be late: %v", first.Wrong)
			}
			got := first.Again(e.Budget, Compare(e, reply(t, c.next)))
			if wrong := strings.Join(got.Wrong, "; "); wrong != c.wrong || got.Late(e.Budget) != c.late {
				t.Errorf("got %q, late %v; want %q, %v", wrong, got.Late(e.Budget), c.wrong, c.late)
			}
			if got.Tries != 2 || got.FirstMS == nil || got.FirstMS.FirstPaint != 200 {
				t.Errorf("got %d tries, first %v", got.Tries, got.FirstMS)
			}
		})
	}
	if r := Compare(e, reply(t, `{"outcome":"leak","findings":["dns-mixed"],"ms":{"first_paint":200,"verdict":900}}`)); r.Late(e.Budget) {
		t.Error("a false finding is more than late")
	}
}
