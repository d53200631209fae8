package call

import (
	"encoding/json"
	"testing"
)

const leaking = `"version":1,"browser":"chromium","now":1800000000000,"session":"one","mode":"auto",
	"setting":{"value":"default","levelOfControl":"controllable_by_this_extension"},
	"tested":{"value":"default","levelOfControl":"controllable_by_this_extension"},
	"verdict":{"version":1,"final":true,"outcome":"leak","rows":[{"id":"webrtc","outcome":"leak"}],
		"findings":[{"id":"webrtc-public-ip","level":"leak","row":"webrtc","evidence":[{"address":"198.51.100.10"}]}]}`

// TestHarden plays the first steps of sealing as the extension does: what comes
// back as a record goes in again as it is.
func TestHarden(t *testing.T) {
	type decision struct {
		Do, Value   string
		Test        bool
		Seal, Lease json.RawMessage
		View        struct{ State string }
	}
	ask := func(state string) decision {
		t.Helper()
		r := call(t, `{"op":"harden","state":`+state+`}`)
		var d decision
		if err := json.Unmarshal(r.Value, &d); err != nil {
			t.Fatalf("%v: %+v", err, r.Error)
		}
		return d
	}
	d := ask(`{` + leaking + `,"trigger":"check","seal":null,"lease":null,"wish":null,"tab":0}`)
	if d.Do != "set" || d.Value != "default_public_interface_only" || d.Test || string(d.Lease) != "null" || d.View.State != "working" {
		t.Fatalf("%+v", d)
	}
	now := `"trigger":"start","setting":{"value":"default_public_interface_only","levelOfControl":"controlled_by_this_extension"}`
	d = ask(`{` + leaking + `,` + now + `,"seal":` + string(d.Seal) + `,"lease":null}`)
	if d.Do != "none" || !d.Test || d.View.State != "working" {
		t.Errorf("%+v", d)
	}
	// Records that nobody can read, as from another version, are no reason to stop.
	d = ask(`{` + leaking + `,"trigger":"check","seal":"x","lease":[1]}`)
	if d.Do != "set" {
		t.Errorf("%+v", d)
	}
}

func TestCalls(t *testing.T) {
	r := call(t, `{"op":"calls","evidence":{"version":1,"browser":"chromium","final":true,"paths":[{"transport":"tcp","address":"192.0.2.10"}],
		"ice":[{"frame":4,"status":"complete","candidates":[]}]}}`)
	const want = `{"state":"tcp","title":{"id":"calls_tcp_title","args":[]},"detail":{"id":"calls_tcp","args":[]}}`
	if string(r.Value) != want {
		t.Errorf("%s, want %s", r.Value, want)
	}
}

func TestHardenRefused(t *testing.T) {
	for _, request := range []string{
		`{"op":"harden"}`, `{"op":"harden","state":null}`, `{"op":"harden","state":[]}`, `{"op":"harden","state":{}}`,
		`{"op":"harden","state":{"version":2}}`, `{"op":"harden","state":{"version":1,"now":"198.51.100.10"}}`,
		`{"op":"calls"}`, `{"op":"calls","evidence":{}}`, `{"op":"calls","evidence":7}`,
	} {
		if r := call(t, request); r.Error == nil || r.Error.Code != badRequest {
			t.Errorf("%s: %+v %s", request, r.Error, r.Value)
		}
	}
}
