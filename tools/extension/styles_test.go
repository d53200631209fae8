package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withPopup adds a popup with two style sheets to the small extension.
func withPopup(t *testing.T, css string) options {
	t.Helper()
	o := sources(t)
	for name, text := range map[string]string{
		"manifest.json":    `{"content_security_policy":{"extension_pages":"style-src 'self'; object-src 'none'"},"content_scripts":[{"matches":[]}]}`,
		"popup/popup.html": `<link rel="stylesheet" href="../lib/a.css" /><link rel="stylesheet" href="b.css" />`,
		"lib/a.css":        css,
		"popup/b.css":      "b{}",
	} {
		path := filepath.Join(o.source, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return o
}

func TestInlineStyles(t *testing.T) {
	o := withPopup(t, "")
	if err := build(o); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(o.out, "popup/popup.html"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "<style></style><style>b{}</style>"; string(page) != want {
		t.Errorf("the popup is %s, want %s", page, want)
	}
	text, err := os.ReadFile(filepath.Join(o.out, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Policy map[string]string `json:"content_security_policy"`
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	// Of the empty text, as FIPS 180-4 gives it.
	const empty = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
	policy := m.Policy["extension_pages"]
	if !strings.HasPrefix(policy, "style-src 'self' "+empty+" 'sha256-") || strings.Count(policy, "sha256") != 2 {
		t.Errorf("the policy is %s", policy)
	}
}

func TestInlineStylesRefuses(t *testing.T) {
	for _, css := range []string{`a{background:url(x.png)}`, `@import "c.css";`, `a::after{content:"</style>"}`} {
		if err := build(withPopup(t, css)); err == nil {
			t.Errorf("%s went into the page", css)
		}
	}
	o := withPopup(t, "")
	if err := os.Remove(filepath.Join(o.source, "popup/b.css")); err != nil {
		t.Fatal(err)
	}
	if err := build(o); err == nil || !strings.Contains(err.Error(), "popup/b.css") {
		t.Errorf("a style sheet that is missing: %v", err)
	}
}

// TestInlineStylesOfOurs: no style sheet of the popup is left to be fetched.
func TestInlineStylesOfOurs(t *testing.T) {
	files, err := collect("../../extension")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := inlineStyles(files)
	if err != nil || len(allowed) < 2 {
		t.Fatal(allowed, err)
	}
	if bytes.Contains(files[painted], []byte("stylesheet")) {
		t.Error("the popup fetches a style sheet")
	}
}
