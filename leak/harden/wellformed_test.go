package harden

import (
	"testing"

	"watertight/leak/internal/held"
	"watertight/leak/verdict"
)

// wellFormed holds what every decision must have, whatever the state.
func wellFormed(t testing.TB, s State, d Decision) {
	t.Helper()
	switch d.Do {
	case "none", "clear":
		if d.Value != "" {
			t.Errorf("%s with a value: %q", d.Do, d.Value)
		}
	case "set":
		if rank(s.Browser, d.Value) < 1 {
			t.Errorf("sets %q", d.Value)
		}
	default:
		t.Errorf("does %q", d.Do)
	}
	if d.Do != "none" {
		if s.Setting == nil || s.Setting.LevelOfControl != free && s.Setting.LevelOfControl != byUs {
			t.Errorf("acts on %+v", s.Setting)
		} else if d.Do == "clear" && s.Setting.LevelOfControl != byUs {
			t.Error("clears what is not ours")
		}
		if d.Test {
			t.Error("acts and tests at once")
		}
	}
	if d.Do == "set" && d.Lease == nil && d.Seal != nil {
		if rank(s.Browser, d.Value) < rank(s.Browser, d.Seal.Found) {
			t.Errorf("sets %s, looser than %s, which was found", d.Value, d.Seal.Found)
		}
		if d.Seal.Phase == phaseSetting && rank(s.Browser, d.Value) < rank(s.Browser, s.Setting.Value) {
			t.Errorf("loosens %s to %s", s.Setting.Value, d.Value)
		}
	}
	if s.Mode == ModeOff && (d.Do == "set" || d.Lease != nil) {
		t.Errorf("does %s although hardening is off, lease %+v", d.Do, d.Lease)
	}
	if n := d.Seal; n != nil && (len(n.Attempts) > maxAttempts || len(n.GaveUp) > maxAddresses) {
		t.Errorf("remembers too much: %+v", n)
	}
	if d.Alarm < 0 || d.Alarm > 0 && d.Lease == nil {
		t.Errorf("alarm at %d", d.Alarm)
	}
	wellShown(t, d.View)
}

func wellShown(t testing.TB, v View) {
	t.Helper()
	switch v.State {
	case "none", "off", "grant", "offer", "working", "sealed", "partly", "failed", "conflict", "untested",
		"lease", "restoring", "restore-failed":
	default:
		t.Errorf("view %q", v.State)
	}
	if v.Before == nil || v.After == nil || v.Actions == nil {
		t.Errorf("a list is null: %+v", v)
	}
	for _, a := range v.Actions {
		switch a {
		case actGrant, actSeal, actUndo, actLease, actEnd:
		default:
			t.Errorf("action %q", a)
		}
	}
	for _, x := range []verdict.Text{v.Title, v.Detail, v.Cost} {
		wellSaid(t, x)
	}
	if v.State != "none" && (v.Title.ID == "" || v.Detail.ID == "") {
		t.Errorf("%s has nothing to say", v.State)
	}
}

// wellSaid holds one text; without an id it says nothing.
func wellSaid(t testing.TB, x verdict.Text) {
	t.Helper()
	if x.ID != "" || len(x.Args) > 0 || x.Args == nil {
		held.Said(t, arity, x.ID, x.Args)
	}
}
