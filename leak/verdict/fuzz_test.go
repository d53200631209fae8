package verdict

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzJudge holds what every verdict must have, whatever the evidence; that
// judging is repeatable; and that the same evidence, said not to be final, never
// comes out clear. Its corpus is the golden files.
func FuzzJudge(f *testing.F) {
	for _, g := range readGoldens(f) {
		f.Add([]byte(g.Evidence))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var ev Evidence
		if json.Unmarshal(data, &ev) != nil {
			return
		}
		v := Judge(ev)
		wellFormed(t, v)
		if !reflect.DeepEqual(v, Judge(ev)) {
			t.Fatal("judging twice gives two verdicts")
		}
		ev.Final = false
		if Judge(ev).Outcome == Clear {
			t.Fatal("clear before the end")
		}
		if len(v.Wants) > maxWants {
			t.Fatalf("%d wants", len(v.Wants))
		}
	})
}
