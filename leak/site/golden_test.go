package site

import (
	"embed"
	"encoding/json"
	"reflect"
	"testing"

	"watertight/leak/internal/held"
)

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
	return held.Goldens(t, goldenFiles, "testdata/traces", 99, func(g golden) (string, bool) {
		return g.Name, g.Why != "" && g.Want["report"] != nil && g.Want["warning"] != nil
	})
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
			held.Compare(t, g.Why, g.Want, map[string]any{"report": r, "warning": w})
		})
	}
}
