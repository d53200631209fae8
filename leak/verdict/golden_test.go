package verdict

import (
	"embed"
	"encoding/json"
	"path"
	"reflect"
	"testing"
)

// The golden files are embedded, so that they run where there is no file system
// (js/wasm).
//
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
		} `json:"findings"`
		Rows     map[string]Outcome `json:"rows"`
		Unknowns []string           `json:"unknowns"`
		Wants    []string           `json:"wants"`
	} `json:"want"`
}

func readGoldens(t testing.TB) []golden {
	t.Helper()
	entries, err := goldenFiles.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var out []golden
	for _, e := range entries {
		data, err := goldenFiles.ReadFile(path.Join("testdata", e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(data, &g); err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		if g.Name+".json" != e.Name() || g.Why == "" || g.Want.Outcome == "" || g.Want.Findings == nil {
			t.Errorf("%s: name, why, outcome and findings must be there, and the name the file's", e.Name())
		}
		out = append(out, g)
	}
	return out
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
	goldens := readGoldens(t)
	if len(goldens) < 35 {
		t.Errorf("only %d golden files: some were lost", len(goldens))
	}
	for _, g := range goldens {
		t.Run(g.Name, func(t *testing.T) {
			v := Judge(g.evidence(t))
			compareGolden(t, g, v)
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
	}
	if leaks != (v.Outcome == Leak) {
		t.Errorf("outcome %s, although leaks: %v", v.Outcome, leaks)
	}
	for _, u := range v.Unknowns {
		texts = append(texts, u.Reason)
	}
	for _, x := range texts {
		n, known := arity[x.ID]
		if !known || n != len(x.Args) || x.Args == nil {
			t.Errorf("text %q has %d arguments (known: %v, takes %d)", x.ID, len(x.Args), known, n)
		}
		for _, a := range x.Args {
			if a == "" {
				t.Errorf("text %q has an empty argument: %q", x.ID, x.Args)
			}
		}
	}
	if v.Findings == nil || v.Unknowns == nil || v.Wants == nil {
		t.Error("a list is null")
	}
}

// TestUnknownIsNeverClear takes parts of the evidence away. No verdict may get
// better by it.
func TestUnknownIsNeverClear(t *testing.T) {
	for _, g := range readGoldens(t) {
		for name, spoil := range map[string]func(*Evidence){
			"not final":     func(e *Evidence) { e.Final = false },
			"no exits":      func(e *Evidence) { e.Exits = nil },
			"no dns":        func(e *Evidence) { e.DNS = nil },
			"no ice":        func(e *Evidence) { e.ICE = nil },
			"no sightings":  func(e *Evidence) { e.DNS = &DNS{Status: "ok", Sent: []string{"f0"}} },
			"dead stream":   func(e *Evidence) { e.DNS = &DNS{Status: "failed", Reason: "stream"} },
			"late dns":      func(e *Evidence) { e.DNS = &DNS{Status: "pending"} },
			"dead stun":     func(e *Evidence) { e.ICE = []ICE{{Frame: 4, Status: "timeout"}} },
			"late ice":      func(e *Evidence) { e.ICE = []ICE{{Frame: 4, Status: "pending"}} },
			"odd candidate": func(e *Evidence) { e.ICE = append(e.ICE, ICE{Status: "complete", Candidates: []string{"x"}}) },
			"odd status":    func(e *Evidence) { e.ICE = append(e.ICE, ICE{Status: "?"}) },
			"odd resolver": func(e *Evidence) {
				d := *e.DNS
				d.Sightings = append(d.Sightings[:len(d.Sightings):len(d.Sightings)], Sighting{Label: "f0", Resolver: "?"})
				e.DNS = &d
			},
			"odd exit": func(e *Evidence) { e.Exits = []Exit{{Family: 4, Status: "ok", Address: "?"}} },
		} {
			ev := g.evidence(t)
			if name == "odd resolver" && ev.DNS == nil || name == "dead stun" && ev.Policy != nil && ev.Policy.Value == "proxy_only" {
				continue
			}
			spoil(&ev)
			v := Judge(ev)
			wellFormed(t, v)
			if v.Outcome == Clear {
				t.Errorf("%s, %s: clear", g.Name, name)
			}
		}
	}
}

// TestPure judges twice, and again after a round trip through JSON.
func TestPure(t *testing.T) {
	for _, g := range readGoldens(t) {
		ev := g.evidence(t)
		first := Judge(ev)
		if !reflect.DeepEqual(first, Judge(ev)) {
			t.Errorf("%s: judging twice gives two verdicts", g.Name)
		}
		data, err := json.Marshal(ev)
		if err != nil {
			t.Fatal(err)
		}
		var again Evidence
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(first, Judge(again)) {
			t.Errorf("%s: a round trip changes the verdict", g.Name)
		}
	}
}
