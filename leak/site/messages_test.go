//go:build !js

package site

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestMessages holds this package's ids against the extension's English texts:
// each must be there with as many placeholders as it has arguments, and no text
// of ours must be left that nothing names.
func TestMessages(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "extension", "_locales", "en", "messages.json"))
	if err != nil {
		t.Fatalf("the extension's texts are missing: %v", err)
	}
	var texts map[string]struct {
		Message      string                              `json:"message"`
		Placeholders map[string]struct{ Content string } `json:"placeholders"`
	}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`\$([A-Za-z0-9_@]+)\$`)
	for id, n := range arity {
		m, ok := texts[id]
		if !ok || m.Message == "" {
			t.Errorf("%s has no text", id)
			continue
		}
		args := map[string]bool{}
		for _, p := range m.Placeholders {
			args[p.Content] = true
		}
		if len(args) != n {
			t.Errorf("%s has %d placeholders, want %d", id, len(args), n)
		}
		for i := 1; i <= n; i++ {
			if !args["$"+string(rune('0'+i))] {
				t.Errorf("%s has no placeholder for $%d", id, i)
			}
		}
		for _, u := range used.FindAllStringSubmatch(m.Message, -1) {
			if _, ok := m.Placeholders[strings.ToLower(u[1])]; !ok {
				t.Errorf("%s uses $%s$, which it does not define", id, u[1])
			}
		}
	}
	ours := regexp.MustCompile(`^site_`)
	for id := range texts {
		if _, ok := arity[id]; ours.MatchString(id) && !ok {
			t.Errorf("%s is not used", id)
		}
	}
}
