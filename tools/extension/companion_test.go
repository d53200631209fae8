package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestCompanion(t *testing.T) {
	for _, tt := range []struct{ api, zone, want string }{
		{"http://127.0.0.1:8053", "", `{ api: "http://127.0.0.1:8053", zone: "" }`},
		{"https://wt.example/", "WT.example.", `{ api: "https://wt.example", zone: "wt.example" }`},
		{"HTTPS://WT.Example:443", "a-b.c1.test", `{ api: "https://wt.example", zone: "a-b.c1.test" }`},
		{"http://wt.example:443", "", `{ api: "http://wt.example:443", zone: "" }`},
		{"http://[2001:DB8::0:1]:80", "", `{ api: "http://[2001:db8::1]", zone: "" }`},
		{"http://localhost:8053", longZone(zoneMax), `{ api: "http://localhost:8053", zone: "` + longZone(zoneMax) + `" }`},
	} {
		c, err := newCompanion(tt.api, tt.zone)
		if err != nil {
			t.Error(err)
		} else if got := c.defaults(); !bytes.Contains(got, []byte("COMPANION = "+tt.want+";")) {
			t.Errorf("--api %s --zone %s: got %s", tt.api, tt.zone, got)
		}
	}
}

func TestCompanionRefused(t *testing.T) {
	for api, why := range map[string]string{
		"":                          "want http",
		"wt.example":                "want http",
		"ftp://wt.example":          "want http",
		"javascript:alert(1)":       "want http",
		"https:wt.example":          "path",
		"https://me@wt.example":     "user name",
		"https://me:pw@wt.example":  "user name",
		"https://wt.example/path":   "path",
		"https://wt.example//":      "path",
		"https://wt.example?q":      "query",
		"https://wt.example/?":      "query",
		"https://wt.example#":       "fragment",
		"https://":                  "host name",
		"https://:8053":             "host name",
		"https://*.example":         "host name",
		"https://*":                 "host name",
		"https://a_b.example":       "host name",
		"https://wt..example":       "host name",
		"https://192.0.2":           "host name",
		"https://192.0.2.300":       "host name",
		"https://wt.example:0":      "no port",
		"https://wt.example:65536":  "no port",
		"https://wt.example:x":      "port",
		"https://[fe80::1%25eth0]/": "without a zone",
		"https://wt example":        "parse address",
		`https://wt.example"`:       "host name",
	} {
		if _, err := newCompanion(api, ""); err == nil || !strings.HasPrefix(err.Error(), "--api ") || !strings.Contains(err.Error(), why) {
			t.Errorf("--api %q: got %v, want something on %q", api, err, why)
		}
	}
	for zone, why := range map[string]string{
		".":                               "two labels",
		"test":                            "two labels",
		"192.0.2.1":                       "not an address",
		"-a.test":                         "labels of",
		"a-.test":                         "labels of",
		"a_b.test":                        "labels of",
		"a..test":                         "labels of",
		".a.test":                         "labels of",
		"a.test..":                        "labels of",
		"a.test/x":                        "labels of",
		`a".test`:                         "labels of",
		"*.test":                          "labels of",
		"a.test\n":                        "labels of",
		strings.Repeat("a", 64) + ".test": "labels of",
		longZone(zoneMax + 1):             "at most",
	} {
		if _, err := newCompanion("https://wt.example", zone); err == nil || !strings.HasPrefix(err.Error(), "--zone ") || !strings.Contains(err.Error(), why) {
			t.Errorf("--zone %q: got %v, want something on %q", zone, err, why)
		}
	}
}

// longZone is a good zone of so many characters.
func longZone(size int) string {
	return strings.Repeat("a.", size/2-1) + strings.Repeat("a", size-2*(size/2-1))
}

// TestZoneMax holds the bound together with that of the settings.
func TestZoneMax(t *testing.T) {
	if n := len("v0." + strings.Repeat("a", 26) + ".v6."); n+zoneMax > 253 || len("f50."+strings.Repeat("a", 26)+".")+zoneMax > 253 {
		t.Errorf("a probe below a zone of %d characters does not fit", zoneMax)
	}
	text, err := os.ReadFile("../../extension/lib/config.js")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(text, []byte("ZONE_MAX = 253 - 3 - 1 - 26 - 1 - 3;")) {
		t.Error("extension/lib/config.js has another bound")
	}
}
