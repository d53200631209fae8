package words

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"watertight/lab/result"
)

func TestVerdict(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "_locales", "en"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := `{"a":{"message":"$WHO$ reads names at $2. $$5 $3","placeholders":{"who":{"content":"$1"}}},"b":{"message":"Change it."}}`
	if err := os.WriteFile(filepath.Join(dir, "_locales", "en", "messages.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	var r result.Reply
	if err := json.Unmarshal([]byte(`{"outcome":"leak","headline":"It leaks.","verdict":{"findings":[{"id":"f","certainty":"likely",
	 "explain":{"id":"a","args":["ISP","192.0.2.1"]},"fix":{"id":"b"},
	 "evidence":[{"address":"192.0.2.1","via":"resolver","network":{"org":"ISP","asn":1}},{"address":"192.0.2.2","via":"srflx"}]}],
	 "unknowns":[{"row":"exit","reason":{"id":"none","args":["x"]}}]}}`), &r); err != nil {
		t.Fatal(err)
	}
	want := `LEAK: It leaks.

  f (likely)
    ISP reads names at 192.0.2.1. $5 
    evidence: 192.0.2.1 (ISP, AS1), seen by resolver
    evidence: 192.0.2.2 (network unknown), seen by srflx
    fix: Change it.

  unknown (exit): none x
`
	if got := m.Verdict(r); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
