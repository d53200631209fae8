package harden

import (
	"embed"
	"encoding/json"
	"path"
	"testing"

	"watertight/leak/internal/held"
	"watertight/leak/verdict"
)

//go:embed testdata/next/*.json testdata/calls/*.json
var goldenFiles embed.FS

// golden is one file: a state or evidence, and what must come of it. Whatever
// want names must be so; the rest is free.
type golden struct {
	Name     string          `json:"name"`
	Why      string          `json:"why"`
	State    json.RawMessage `json:"state"`
	Evidence json.RawMessage `json:"evidence"`
	Want     map[string]any  `json:"want"`
}

func readGoldens(t testing.TB, folder string, least int) []golden {
	t.Helper()
	return held.Goldens(t, goldenFiles, path.Join("testdata", folder), least, func(g golden) (string, bool) {
		return g.Name, g.Why != "" && len(g.Want) > 0
	})
}

func TestGoldenNext(t *testing.T) {
	for _, g := range readGoldens(t, "next", 120) {
		t.Run(g.Name, func(t *testing.T) {
			var s State
			if err := json.Unmarshal(g.State, &s); err != nil {
				t.Fatal(err)
			}
			before, _ := json.Marshal(s)
			d := Next(s)
			wellFormed(t, s, d)
			held.Compare(t, g.Why, g.Want, d)
			if after, _ := json.Marshal(s); string(after) != string(before) {
				t.Error("the state was changed")
			}
		})
	}
}

func TestGoldenCalls(t *testing.T) {
	for _, g := range readGoldens(t, "calls", 15) {
		t.Run(g.Name, func(t *testing.T) {
			var ev verdict.Evidence
			if err := json.Unmarshal(g.Evidence, &ev); err != nil {
				t.Fatal(err)
			}
			o := Calls(ev)
			wellSaid(t, o.Title)
			wellSaid(t, o.Detail)
			held.Compare(t, g.Why, g.Want, o)
		})
	}
}
