package verdict

import (
	"strings"
	"testing"

	"watertight/leak/internal/held"
)

// wellFormed holds what every verdict must have, whatever the evidence.
func wellFormed(t testing.TB, v Verdict) {
	t.Helper()
	texts := []Text{v.Headline}
	if len(v.Rows) != 3 {
		t.Errorf("%d rows", len(v.Rows))
	}
	for _, r := range v.Rows {
		texts = append(texts, r.Headline)
		for _, f := range r.Facts {
			texts = append(texts, f.Text)
		}
		if r.Outcome != Clear && r.Outcome != Leak && v.Outcome == Clear {
			t.Errorf("row %s is %s, yet all is clear", r.ID, r.Outcome)
		}
	}
	leaks := false
	for _, f := range v.Findings {
		texts = append(texts, f.Explain, f.Fix)
		leaks = leaks || f.Level == levelLeak
		if f.Certainty != proven && f.Certainty != likely {
			t.Errorf("finding %s has certainty %q", f.ID, f.Certainty)
		}
		if len(f.Evidence) == 0 && f.ID != PolicyOverridden {
			t.Errorf("finding %s has no evidence", f.ID)
		}
		for _, s := range f.Steps { // package steps holds their texts
			if !strings.HasPrefix(s.ID, "steps_") || s.Args == nil || len(s.Args) > 0 {
				t.Errorf("finding %s has the step %+v", f.ID, s)
			}
		}
	}
	if leaks != (v.Outcome == Leak) {
		t.Errorf("outcome %s, although leaks: %v", v.Outcome, leaks)
	}
	for _, u := range v.Unknowns {
		texts = append(texts, u.Reason)
	}
	texts = append(texts, v.Path.Through)
	for _, x := range texts {
		held.Said(t, arity, x.ID, x.Args)
	}
	wellDrawn(t, v)
	if v.Memory != nil && (!v.Final || len(v.Memory.Exits) == 0 || len(v.Memory.Resolvers) == 0) {
		t.Errorf("memory %+v of a check that is not good enough", v.Memory)
	}
	if v.Findings == nil || v.Unknowns == nil || v.Wants == nil {
		t.Error("a list is null")
	}
}

// wellDrawn holds that the picture says what the rows say: it shows a leak
// exactly where a row does, and never looks better than a row.
func wellDrawn(t testing.TB, v Verdict) {
	t.Helper()
	row := map[string]string{roleWebsites: rowExit, roleIPv6: rowExit, roleDNS: rowDNS, roleWebRTC: rowWebRTC}
	worst := map[string]Outcome{}
	for _, s := range v.Path.Steps {
		id := row[s.Role]
		if s.Outcome != Leak && s.Outcome != Clear && s.Outcome != Unknown || id == "" || s.Beside && s.Outcome != Leak {
			t.Errorf("odd step %+v", s)
		}
		if worst[id] == "" || s.Outcome == Leak || s.Outcome == Unknown && worst[id] == Clear {
			worst[id] = s.Outcome
		}
	}
	for _, r := range v.Rows {
		want := r.Outcome
		if want == Pending {
			want = Unknown
		}
		if worst[r.ID] != want {
			t.Errorf("row %s is %s, and the picture %q: %+v", r.ID, r.Outcome, worst[r.ID], v.Path.Steps)
		}
	}
}
