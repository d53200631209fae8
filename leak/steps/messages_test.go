//go:build !js

package steps

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The bounds of a step: what can be read while the hand is in the settings.
const (
	maxWords = 17 // paths included: a name on the way counts as a word or two
	maxChars = 120
)

// TestMessages holds the steps against the extension's English texts: each is
// there, short, and without placeholders, and none there is left unused.
func TestMessages(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "extension", "_locales", "en", "messages.json"))
	if err != nil {
		t.Fatalf("the extension's texts are missing: %v", err)
	}
	var texts map[string]struct {
		Message      string         `json:"message"`
		Placeholders map[string]any `json:"placeholders"`
	}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, plan := range plans {
		for _, p := range plan {
			for _, ids := range p {
				for _, id := range ids {
					used[id] = true
				}
			}
		}
	}
	for id := range used {
		m := texts[id].Message
		words := len(strings.Fields(strings.ReplaceAll(m, "›", " ")))
		switch {
		case m == "":
			t.Errorf("%s has no text", id)
		case words > maxWords || len([]rune(m)) > maxChars:
			t.Errorf("%s is too long: %d words, %d characters", id, words, len([]rune(m)))
		case strings.Contains(m, "$") || len(texts[id].Placeholders) > 0:
			t.Errorf("%s has placeholders, and is given no arguments", id)
		}
	}
	for id := range texts {
		if strings.HasPrefix(id, "steps_") && !used[id] {
			t.Errorf("%s is not used", id)
		}
	}
}
