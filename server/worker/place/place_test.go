package place

import (
	"encoding/json"
	"os"
	"testing"

	"watertight/server/sightings"
)

// TestNames holds this and the shell to the same table (tests/worker/place.test.js).
func TestNames(t *testing.T) {
	raw, err := os.ReadFile("testdata/names.json")
	if err != nil {
		t.Fatal(err)
	}
	var names map[string]string
	if err := json.Unmarshal(raw, &names); err != nil || len(names) < 16 {
		t.Fatalf("%d names, %v", len(names), err)
	}
	n := Shards(8)
	for token, want := range names {
		k, ok := sightings.ParseToken(token)
		if got := n.Name(n.Of(k)); !ok || got != want {
			t.Errorf("%s: %s, want %s", token, got, want)
		}
	}
}
