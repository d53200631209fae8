package harden

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzNext holds what every decision must have, whatever the state; that
// deciding is repeatable; that it comes to an end in a browser that obeys and in
// one that does not; and that what is stored can be read again. Its corpus is
// the golden files, and what was once found in testdata/fuzz.
func FuzzNext(f *testing.F) {
	for _, g := range readGoldens(f, "next", 1) {
		f.Add([]byte(g.State))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var s State
		if json.Unmarshal(data, &s) != nil {
			return
		}
		hold(t, s)
	})
}

func hold(t *testing.T, s State) {
	t.Helper()
	d := Next(s)
	wellFormed(t, s, d)
	if !reflect.DeepEqual(d, Next(s)) {
		t.Fatal("deciding twice gives two decisions")
	}
	for _, obeys := range []bool{true, false} {
		ends(t, s, d, obeys)
	}
}

// ends follows a decision, with the same verdict after every check.
func ends(t *testing.T, s State, d Decision, obeys bool) {
	t.Helper()
	first := s
	for range maxDecisions {
		if d.Do == "none" && !d.Test {
			return
		}
		if obeys && d.Do == "set" {
			s.Setting = &Setting{d.Value, byUs}
		} else if obeys && d.Do == "clear" {
			s.Setting = &Setting{Default, free}
		}
		s.Trigger, s.Wish = TriggerStart, nil
		if d.Do == "none" {
			s.Trigger, s.Tested = TriggerCheck, s.Setting
		}
		stored, err := json.Marshal(records{d.Seal, d.Lease})
		if err != nil {
			t.Fatal(err)
		}
		var r records
		if err := json.Unmarshal(stored, &r); err != nil {
			t.Fatal(err)
		}
		s.Seal, s.Lease = r.Seal, r.Lease
		d = Next(s)
		wellFormed(t, s, d)
	}
	data, _ := json.Marshal(first)
	t.Fatalf("no end (obeys: %v): %+v after %s", obeys, d, data)
}
