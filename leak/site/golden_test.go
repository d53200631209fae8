package site

import (
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"testing"
)

// The golden files are embedded, so that they run where there is no file system
// (js/wasm).
//
//go:embed testdata/traces/*.json
var goldenFiles embed.FS

// golden is one file: a trace, and what must come of it. Whatever want names must
// be so; the rest is free.
type golden struct {
	Name   string            `json:"name"`
	Why    string            `json:"why"`
	Site   string            `json:"site"`
	Choice Choice            `json:"choice"`
	Events []json.RawMessage `json:"events"`
	Now    int64             `json:"now"`
	Want   map[string]any    `json:"want"`
}

// repeated stands for events that come again and again, each time later, and in
// another frame or connection.
type repeated struct {
	Repeat int     `json:"repeat"`
	MS     int64   `json:"ms"`
	Conns  int64   `json:"conns"`
	Frames int64   `json:"frames"`
	Events []Event `json:"events"`
}

// events writes the trace out.
func (g golden) events(t testing.TB) []Event {
	t.Helper()
	var out []Event
	for _, raw := range g.Events {
		var r repeated
		if json.Unmarshal(raw, &r) != nil || r.Repeat == 0 {
			var e Event
			if err := json.Unmarshal(raw, &e); err != nil {
				t.Fatalf("%s: %v", g.Name, err)
			}
			out = append(out, e)
			continue
		}
		for i := range int64(r.Repeat) {
			for _, e := range r.Events {
				e.At, e.Conn, e.Frame = e.At+i*r.MS, e.Conn+i*r.Conns, e.Frame+i*r.Frames
				out = append(out, e)
			}
		}
	}
	return out
}

func readGoldens(t testing.TB) []golden {
	t.Helper()
	const dir = "testdata/traces"
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
		if g.Name+".json" != e.Name() || g.Why == "" || g.Want["report"] == nil || g.Want["warning"] == nil {
			t.Errorf("%s: name, why, report and warning must be there, and the name the file's", e.Name())
		}
		out = append(out, g)
	}
	if len(out) < 75 {
		t.Errorf("only %d golden files: some were lost", len(out))
	}
	return out
}

func TestGolden(t *testing.T) {
	for _, g := range readGoldens(t) {
		t.Run(g.Name, func(t *testing.T) {
			events := g.events(t)
			s := Fold(Begin("one", g.Site), events)
			r := Examine(s, g.Now)
			w := Warn(r, g.Choice)
			wellFormed(t, s, r, w)
			if all := Judge("one", g.Site, events, g.Now); !reflect.DeepEqual(all, r) {
				t.Error("judging all at once gives another report")
			}
			data, err := json.Marshal(map[string]any{"report": r, "warning": w})
			if err != nil {
				t.Fatal(err)
			}
			var tree any
			if err := json.Unmarshal(data, &tree); err != nil {
				t.Fatal(err)
			}
			if diff := differ("", g.Want, tree); diff != "" {
				t.Errorf("why: %s\n%s\n%.4000s", g.Why, diff, data)
			}
		})
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
		return fmt.Sprintf("%s: %d of them (%.300v), want %d", at, len(g), got, len(w))
	}
	for i := range w {
		if diff := differ(fmt.Sprintf("%s[%d]", at, i), w[i], g[i]); diff != "" {
			return diff
		}
	}
	return ""
}
