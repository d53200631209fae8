package harden

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"testing"

	"watertight/leak/verdict"
)

// The golden files are embedded, so that they run where there is no file system
// (js/wasm).
//
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
	dir := path.Join("testdata", folder)
	entries, err := goldenFiles.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []golden
	for _, e := range entries {
		data, err := goldenFiles.ReadFile(path.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var g golden
		if err := json.Unmarshal(data, &g); err != nil {
			t.Fatalf("%s: %v", e.Name(), err)
		}
		if g.Name+".json" != e.Name() || g.Why == "" || len(g.Want) == 0 {
			t.Errorf("%s: name, why and want must be there, and the name the file's", e.Name())
		}
		out = append(out, g)
	}
	if len(out) < least {
		t.Errorf("only %d golden files: some were lost", len(out))
	}
	return out
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
			g.compare(t, d)
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
			g.compare(t, o)
		})
	}
}

func (g golden) compare(t *testing.T, got any) {
	t.Helper()
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	if diff := differ("", g.Want, tree); diff != "" {
		t.Errorf("why: %s\n%s\n%s", g.Why, diff, data)
	}
}

// differ tells where a value is not as wanted: objects may have more than is
// wanted, and a list that is null is an empty one.
func differ(at string, want, got any) string {
	if w, ok := want.(map[string]any); ok {
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s: %v, want an object", at, got)
		}
		for k, v := range w {
			if diff := differ(at+"."+k, v, g[k]); diff != "" {
				return diff
			}
		}
		return ""
	}
	w, ok := want.([]any)
	if !ok {
		if !reflect.DeepEqual(want, got) {
			return fmt.Sprintf("%s: %v, want %v", at, got, want)
		}
		return ""
	}
	g, _ := got.([]any)
	if len(g) != len(w) {
		return fmt.Sprintf("%s: %v, want %v", at, got, want)
	}
	for i := range w {
		if diff := differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); diff != "" {
			return diff
		}
	}
	return ""
}
