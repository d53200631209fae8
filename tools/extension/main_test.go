package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestFramePatterns(t *testing.T) {
	for _, tt := range []struct {
		api, zone string
		want      []string
	}{
		{"http://127.0.0.1:8053", "", []string{"http://127.0.0.1/v1/frame*"}},
		{"http://[::1]:8053", "", []string{"http://[::1]/v1/frame*"}},
		{"https://wt.example:8443", "WT.example.", []string{"https://ip4.wt.example/v1/frame*", "https://ip6.wt.example/v1/frame*"}},
	} {
		c, err := newCompanion(tt.api, tt.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.framePatterns(); !slices.Equal(got, tt.want) {
			t.Errorf("%s %q: got %q, want %q", tt.api, tt.zone, got, tt.want)
		}
	}
}

// sources is a small extension, and a core and a loader beside it.
func sources(t *testing.T) options {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"src/manifest.json":   `{"permissions":["storage","offscreen"],"background":{"service_worker":"a.js"},"minimum_chrome_version":"120","content_scripts":[{"matches":[]}]}`,
		"src/lib/defaults.js": "old",
		"src/README.md":       "notes",
		"src/a.js":            "a",
		"core.wasm":           "core",
		"wasm_exec.js":        "loader",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return options{
		source: filepath.Join(dir, "src"), out: filepath.Join(dir, "out"), zip: filepath.Join(dir, "x.zip"),
		browser: "chromium", zone: "wt.example", api: "https://wt.example",
		wasm: filepath.Join(dir, "core.wasm"), loader: filepath.Join(dir, "wasm_exec.js"),
	}
}

func TestBuild(t *testing.T) {
	o := sources(t)
	if err := build(o); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"a.js": true, "lib/core.wasm": true, "lib/wasm_exec.js": true, "lib/defaults.js": true, "README.md": false,
	} {
		if _, err := os.Stat(filepath.Join(o.out, name)); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}
	first, err := os.ReadFile(o.zip)
	if err != nil {
		t.Fatal(err)
	}
	if err := build(o); err != nil { // also: an extension may be replaced
		t.Fatal(err)
	}
	second, err := os.ReadFile(o.zip)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two zips of the same sources differ")
	}
}

func TestFirefoxVariant(t *testing.T) {
	o := sources(t)
	o.browser = "firefox"
	if err := build(o); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Permissions []string
		Background  struct {
			Scripts       []string
			ServiceWorker string `json:"service_worker"`
		}
		Chrome   string `json:"minimum_chrome_version"`
		Specific map[string]struct {
			ID   string
			Data map[string][]string `json:"data_collection_permissions"`
		} `json:"browser_specific_settings"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Permissions, []string{"storage", "dns"}) || m.Chrome != "" {
		t.Errorf("Chromium's words are left: %s", text)
	}
	if len(m.Background.Scripts) != 1 || m.Background.ServiceWorker != "" {
		t.Errorf("background: %+v", m.Background)
	}
	if gecko := m.Specific["gecko"]; gecko.ID == "" || len(gecko.Data["required"]) == 0 {
		t.Errorf("settings for Firefox: %+v", m.Specific)
	}
}

func TestBuildKeepsItsHandsOffOtherFolders(t *testing.T) {
	o := sources(t)
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		t.Fatal(err)
	}
	precious := filepath.Join(o.out, "precious")
	if err := os.WriteFile(precious, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := build(o); err == nil {
		t.Error("a folder that is no extension was replaced")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}
