package site

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestGarbageState holds that of a stored state only what can be is gone on with.
func TestGarbageState(t *testing.T) {
	good := `{"frame":0,"number":1,"party":0,"born":5,"last":5,"first":5,"end":6,"saw":2}`
	for name, c := range map[string]struct {
		state  string
		probes int
	}{
		"good":                {`{"site":"page.example","parties":["page.example"],"conns":[` + good + `]}`, 1},
		"no object":           {`7`, 0},
		"wrong shape":         {`{"conns":{"a":1}}`, 0},
		"a party beyond":      {`{"conns":[{"party":9,"first":5,"end":6}]}`, 0},
		"a party below":       {`{"conns":[{"party":-1,"first":5,"end":6}]}`, 0},
		"a time of no clock":  {`{"conns":[{"first":9e15,"end":9e15}]}`, 0},
		"a source unheard of": {`{"conns":[{"source":"moon","first":5,"end":6}]}`, 0},
		"a long key":          {`{"conns":[{"first":5,"end":6,"keys":["` + strings.Repeat("k", 99) + `"]}]}`, 0},
		"too many keys":       {`{"conns":[{"first":5,"end":6,"keys":["a","b","c"]}]}`, 0},
		"too many":            {`{"conns":[` + strings.Repeat(good+",", 999) + good + `]}`, maxConns},
	} {
		var s State
		if err := json.Unmarshal([]byte(c.state), &s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		r := Examine(s, 10)
		if r.Counts.Probes != c.probes {
			t.Errorf("%s: %+v", name, r.Counts)
		}
		wellReported(t, r)
	}
}

// TestGarbageSeen holds that an address which cannot be read keeps its place, so
// that bits speak of the right ones, and is never shown.
func TestGarbageSeen(t *testing.T) {
	var s State
	stored := `{"seen":[{"address":"<b>","via":"host","count":1},{"address":"192.168.1.10","via":"host","class":"global","first":5,"last":5,"count":1}],` +
		`"conns":[{"first":5,"end":6,"saw":2}]}`
	if err := json.Unmarshal([]byte(stored), &s); err != nil {
		t.Fatal(err)
	}
	r := Examine(s, 10)
	if len(r.Seen) != 1 || r.Seen[0].Class != "private" || !r.Seen[0].Probe {
		t.Errorf("saw %+v", r.Seen)
	}
}

// TestKeys holds how many descriptions of a connection are kept, and how much.
func TestKeys(t *testing.T) {
	s := Begin("one", "page.example")
	for _, key := range []string{"first", strings.Repeat("k", 300), "third", "", "<b>", "first"} {
		s = Step(s, Event{Kind: LocalDesc, At: 1, Key: key})
	}
	if keys := s.Conns[0].Keys; len(keys) != maxKeys || keys[0] != "first" || len(keys[1]) != maxKey {
		t.Errorf("keys %q", keys)
	}
}

// TestVisitWithoutName holds that visits which cannot be told apart are counted
// each.
func TestVisitWithoutName(t *testing.T) {
	var l Ledger
	for range 3 {
		l = Merge(l, probe("", "page.example", start, "192.168.1.10"), start+5)
	}
	if visits, _ := find(t, l, "page.example").Total(); visits != 3 {
		t.Errorf("%d visits", visits)
	}
}
