//go:build !js

package site

import (
	"os"
	"path/filepath"
	"testing"

	"watertight/leak/internal/held"
)

// TestMessages holds this package's ids against the extension's English texts:
// each must be there with as many placeholders as it has arguments, and no text
// of ours must be left that nothing names.
func TestMessages(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "extension", "_locales", "en", "messages.json"))
	if err != nil {
		t.Fatalf("the extension's texts are missing: %v", err)
	}
	held.Messages(t, data, arity, "site_")
}
