package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// deriveManifest fills in the companion's pages, allows the styles that are in
// pages themselves and, for Firefox, says in its words what the one source says
// in Chromium's.
func deriveManifest(source []byte, browser string, where companion, styles []string) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(source, &m); err != nil {
		return nil, fmt.Errorf("parse manifest: %w", err)
	}
	scripts, ok := m["content_scripts"].([]any)
	if !ok || len(scripts) != 1 {
		return nil, fmt.Errorf("find content script: want exactly one")
	}
	scripts[0].(map[string]any)["matches"] = where.framePatterns()
	if len(styles) > 0 {
		if err := allowStyles(m, styles); err != nil {
			return nil, err
		}
	}
	if browser == "firefox" {
		forFirefox(m)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return out.Bytes(), nil
}

func allowStyles(m map[string]any, styles []string) error {
	const own = "style-src 'self'"
	policies, _ := m["content_security_policy"].(map[string]any)
	pages, _ := policies["extension_pages"].(string)
	if !strings.Contains(pages, own) {
		return fmt.Errorf("allow styles: the manifest's policy has no %q", own)
	}
	policies["extension_pages"] = strings.Replace(pages, own, own+" "+strings.Join(styles, " "), 1)
	return nil
}

func forFirefox(m map[string]any) {
	delete(m, "minimum_chrome_version")
	// Firefox has a background page instead of a service worker; the page
	// itself hosts the frames, so there is no offscreen document.
	m["background"] = map[string]any{"scripts": []string{"background/main.js"}, "type": "module"}
	var permissions []any
	for _, p := range m["permissions"].([]any) {
		// No rule of Firefox blocks WebRTC.
		if p != "offscreen" && p != "declarativeNetRequestWithHostAccess" {
			permissions = append(permissions, p)
		}
	}
	m["permissions"] = append(permissions, "dns") // look-ups without a page, and whether they went over HTTPS
	m["browser_specific_settings"] = map[string]any{
		"gecko": map[string]any{
			"id": "watertight@watertight.example",
			// The first that reads data_collection_permissions everywhere.
			"strict_min_version": "142.0",
			// A check tells the companion the public addresses that it read
			// in the browser, and they say roughly where the user is; see
			// extension/README.md.
			"data_collection_permissions": map[string]any{"required": []string{"locationInfo"}},
		},
	}
}
