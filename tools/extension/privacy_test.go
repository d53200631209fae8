package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestPrivacy: whoever reads PRIVACY.md learns of everything that either
// browser may ask the user for.
func TestPrivacy(t *testing.T) {
	source, err := os.ReadFile("../../extension/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	privacy, err := os.ReadFile("../../PRIVACY.md")
	if err != nil {
		t.Fatal(err)
	}
	where, err := newCompanion("https://wt.example", "wt.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, browser := range []string{"chromium", "firefox"} {
		text, err := deriveManifest(source, browser, where, nil)
		if err != nil {
			t.Fatal(err)
		}
		names := permissions(t, text)
		if len(names) < 3 {
			t.Errorf("%s: found only %q", browser, names)
		}
		for _, name := range names {
			if !strings.Contains(string(privacy), "`"+name+"`") {
				t.Errorf("%s: PRIVACY.md says nothing of `%s`", browser, name)
			}
		}
	}
}

// permissions are all names in a manifest that a user is asked about; the
// patterns of hosts are told in words.
func permissions(t *testing.T, manifest []byte) []string {
	t.Helper()
	var m struct {
		Permissions []string
		Optional    []string `json:"optional_permissions"`
		Specific    map[string]struct {
			Data map[string][]string `json:"data_collection_permissions"`
		} `json:"browser_specific_settings"`
	}
	if err := json.Unmarshal(manifest, &m); err != nil {
		t.Fatal(err)
	}
	names := append(m.Permissions, m.Optional...)
	for _, browser := range m.Specific {
		for _, data := range browser.Data {
			names = append(names, data...)
		}
	}
	return names
}

func TestPermissionsAreFound(t *testing.T) {
	got := permissions(t, []byte(`{"permissions":["a"],"optional_permissions":["b"],
		"browser_specific_settings":{"gecko":{"id":"x","data_collection_permissions":{"required":["c"],"optional":["d"]}}}}`))
	if len(got) != 4 {
		t.Errorf("got %q", got)
	}
}
