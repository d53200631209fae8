package verdict

import (
	"embed"
	"encoding/json"
	"reflect"
	"testing"

	"watertight/leak/internal/held"
)

//go:embed testdata/*.json
var goldenFiles embed.FS

// golden is one file: evidence, and what must come of it. Rows, headline,
// unknowns and wants are compared only if the file names them.
type golden struct {
	Name     string          `json:"name"`
	Why      string          `json:"why"`
	Evidence json.RawMessage `json:"evidence"`
	Want     struct {
		Outcome  Outcome `json:"outcome"`
		Headline string  `json:"headline"`
		Findings []struct {
			ID        string `json:"id"`
			Certainty string `json:"certainty"`
			Level     string `json:"level"`
			Exposes   string `json:"exposes"`
			Param     string `json:"param"`
			Fix       string `json:"fix"`
			// Steps are compared only if the file names them.
			Steps []string `json:"steps"`
		} `json:"findings"`
		Rows     map[string]Outcome `json:"rows"`
		Unknowns []string           `json:"unknowns"`
		Wants    []string           `json:"wants"`
		// Facts must be among those of the rows, and NoFacts must not.
		Facts   []string `json:"facts"`
		NoFacts []string `json:"no_facts"`
		// Path has a line "role name outcome" for each step, with " beside".
		Path []string `json:"path"`
		// Memory is whether the check is to be remembered.
		Memory *bool `json:"memory"`
	} `json:"want"`
}

func readGoldens(t testing.TB) []golden {
	t.Helper()
	return held.Goldens(t, goldenFiles, "testdata", 160, func(g golden) (string, bool) {
		return g.Name, g.Why != "" && g.Want.Outcome != "" && g.Want.Findings != nil
	})
}

func (g golden) evidence(t testing.TB) Evidence {
	t.Helper()
	var ev Evidence
	if err := json.Unmarshal(g.Evidence, &ev); err != nil {
		t.Fatalf("%s: %v", g.Name, err)
	}
	return ev
}

func TestGolden(t *testing.T) {
	for _, g := range readGoldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			v := Judge(g.evidence(t))
			compareGolden(t, g, v)
			compareRest(t, g, v)
			wellFormed(t, v)
			if t.Failed() {
				data, _ := json.MarshalIndent(v, "", " ")
				t.Logf("why: %s\n%s", g.Why, data)
			}
		})
	}
}

func compareGolden(t *testing.T, g golden, v Verdict) {
	t.Helper()
	w := g.Want
	if v.Outcome != w.Outcome {
		t.Errorf("outcome %s, want %s", v.Outcome, w.Outcome)
	}
	if w.Headline != "" && v.Headline.ID != w.Headline {
		t.Errorf("headline %s %q, want %s", v.Headline.ID, v.Headline.Args, w.Headline)
	}
	got := map[string]Finding{}
	for _, f := range v.Findings {
		got[f.ID] = f
	}
	for _, f := range w.Findings {
		have, ok := got[f.ID]
		delete(got, f.ID)
		if !ok {
			t.Errorf("finding %s is missing", f.ID)
			continue
		}
		if have.Certainty != f.Certainty {
			t.Errorf("finding %s is %s, want %s", f.ID, have.Certainty, f.Certainty)
		}
		if f.Level != "" && have.Level != f.Level {
			t.Errorf("finding %s has level %s, want %s", f.ID, have.Level, f.Level)
		}
		if f.Exposes != "" && have.Exposes != f.Exposes {
			t.Errorf("finding %s exposes %q, want %q", f.ID, have.Exposes, f.Exposes)
		}
		if f.Fix != "" && have.Fix.ID != f.Fix {
			t.Errorf("finding %s has fix %s, want %s", f.ID, have.Fix.ID, f.Fix)
		}
		got := []string{}
		for _, s := range have.Steps {
			got = append(got, s.ID)
		}
		if f.Steps != nil && !reflect.DeepEqual(got, f.Steps) {
			t.Errorf("finding %s has steps %q, want %q", f.ID, got, f.Steps)
		}
		if have.Param != f.Param {
			t.Errorf("finding %s has param %q, want %q", f.ID, have.Param, f.Param)
		}
	}
	for id := range got {
		t.Errorf("finding %s is false", id)
	}
	for _, r := range v.Rows {
		if want := w.Rows[r.ID]; want != "" && r.Outcome != want {
			t.Errorf("row %s is %s, want %s", r.ID, r.Outcome, want)
		}
	}
	if w.Unknowns != nil {
		ids := []string{}
		for _, u := range v.Unknowns {
			ids = append(ids, u.Reason.ID)
		}
		if !reflect.DeepEqual(ids, w.Unknowns) {
			t.Errorf("unknowns %q, want %q", ids, w.Unknowns)
		}
	}
	if w.Wants != nil && !reflect.DeepEqual(v.Wants, w.Wants) {
		t.Errorf("wants %q, want %q", v.Wants, w.Wants)
	}
}

// compareRest compares facts, picture and memory.
func compareRest(t *testing.T, g golden, v Verdict) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range v.Rows {
		for _, f := range r.Facts {
			seen[f.Text.ID] = true
		}
	}
	for _, id := range g.Want.Facts {
		if !seen[id] {
			t.Errorf("fact %s is missing", id)
		}
	}
	for _, id := range g.Want.NoFacts {
		if seen[id] {
			t.Errorf("fact %s is false", id)
		}
	}
	if g.Want.Path != nil {
		got := []string{}
		for _, s := range v.Path.Steps {
			line := s.Role + " " + s.Name + " " + string(s.Outcome)
			if s.Beside {
				line += " beside"
			}
			got = append(got, line)
		}
		if !reflect.DeepEqual(got, g.Want.Path) {
			t.Errorf("path %q, want %q", got, g.Want.Path)
		}
	}
	if w := g.Want.Memory; w != nil && *w != (v.Memory != nil) {
		t.Errorf("memory %+v, want one: %v", v.Memory, *w)
	}
}
