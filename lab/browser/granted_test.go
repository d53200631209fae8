package browser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestGranted(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "granted")
	source := `{"name":"x","permissions":["storage"],"optional_permissions":["privacy","tabs","bookmarks"],"optional_host_permissions":["http://*/*"]}`
	for name, text := range map[string]string{"manifest.json": source, "a.js": "1"} {
		if err := os.WriteFile(filepath.Join(from, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := Granted(from, to, Grants{Setting: true}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(to, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Name                string   `json:"name"`
		Permissions         []string `json:"permissions"`
		OptionalPermissions []string `json:"optional_permissions"`
	}
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if m.Name != "x" || !slices.Equal(m.Permissions, []string{"storage", "privacy", "tabs"}) || !slices.Equal(m.OptionalPermissions, []string{"bookmarks"}) {
		t.Errorf("%s", data)
	}
	if _, err := os.Stat(filepath.Join(to, "a.js")); err != nil {
		t.Error(err)
	}
}

// A build that no longer asks would make every scenario of hardening meaningless.
func TestGrantedNeedsTheQuestion(t *testing.T) {
	if _, err := grant([]byte(`{"permissions":["privacy"]}`), Grants{Setting: true}); err == nil || !strings.Contains(err.Error(), "does not ask") {
		t.Error(err)
	}
}

// Websites are granted by host permissions, which the browsers give at the install.
func TestGrantedSites(t *testing.T) {
	const source = `{"permissions":[],"optional_permissions":["notifications"],"optional_host_permissions":["http://*/*"]}`
	data, err := grant([]byte(source), Grants{Sites: true})
	if want := `{"host_permissions":["http://*/*"],"optional_permissions":[],"permissions":["notifications"]}`; err != nil || string(data) != want {
		t.Errorf("got %s (%v), want %s", data, err, want)
	}
	if _, err := grant([]byte(`{"optional_permissions":["notifications"]}`), Grants{Sites: true}); err == nil || !strings.Contains(err.Error(), "does not ask") {
		t.Error(err)
	}
}
