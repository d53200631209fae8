package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// companion is the server that the extension is built for.
type companion struct {
	api  *url.URL
	zone string
}

func newCompanion(api, zone string) (companion, error) {
	u, err := url.Parse(api)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
		return companion{}, fmt.Errorf("--api %q is not an http(s) address without a path", api)
	}
	return companion{api: u, zone: strings.ToLower(strings.TrimSuffix(zone, "."))}, nil
}

// framePatterns are the match patterns of the pages in which the content
// script runs. They name no port: Firefox knows none in patterns, and without
// one both browsers match any.
func (c companion) framePatterns() []string {
	hosts := []string{c.api.Hostname()}
	if strings.Contains(hosts[0], ":") {
		hosts[0] = "[" + hosts[0] + "]"
	}
	if c.zone != "" {
		hosts = []string{"ip4." + c.zone, "ip6." + c.zone}
	}
	patterns := make([]string, len(hosts))
	for i, host := range hosts {
		patterns[i] = c.api.Scheme + "://" + host + "/v1/frame"
	}
	return patterns
}

// defaults is lib/defaults.js for this companion.
func (c companion) defaults() []byte {
	quote := func(s string) string {
		b, _ := json.Marshal(s) // a string always marshals
		return string(b)
	}
	return fmt.Appendf(nil, "/** The built-in companion; written by the build. */\nexport const COMPANION = { api: %s, zone: %s };\n",
		quote(c.api.Scheme+"://"+c.api.Host), quote(c.zone))
}

// deriveManifest fills in the companion's pages and, for Firefox, says in its
// words what the one source says in Chromium's.
func deriveManifest(source []byte, browser string, where companion) ([]byte, error) {
	var m map[string]any
	if err := json.Unmarshal(source, &m); err != nil {
		return nil, fmt.Errorf("parse manifest: %w", err)
	}
	scripts, ok := m["content_scripts"].([]any)
	if !ok || len(scripts) != 1 {
		return nil, fmt.Errorf("find content script: want exactly one")
	}
	scripts[0].(map[string]any)["matches"] = where.framePatterns()
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

func forFirefox(m map[string]any) {
	delete(m, "minimum_chrome_version")
	// Firefox has a background page instead of a service worker; the page
	// itself hosts the frames, so there is no offscreen document.
	m["background"] = map[string]any{"scripts": []string{"background/main.js"}, "type": "module"}
	var permissions []any
	for _, p := range m["permissions"].([]any) {
		if p != "offscreen" {
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
