package verdict

import (
	"encoding/json"
	"testing"
)

// BenchmarkJudge judges all golden evidence, decoded before.
func BenchmarkJudge(b *testing.B) {
	var list []Evidence
	for _, g := range readGoldens(b) {
		list = append(list, g.evidence(b))
	}
	b.ResetTimer()
	for i := range b.N {
		Judge(list[i%len(list)])
	}
}

// BenchmarkDecode reads all golden evidence.
func BenchmarkDecode(b *testing.B) {
	list := readGoldens(b)
	b.ResetTimer()
	for i := range b.N {
		var ev Evidence
		if err := json.Unmarshal(list[i%len(list)].Evidence, &ev); err != nil {
			b.Fatal(err)
		}
	}
}
