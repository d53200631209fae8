//go:build !js

package report

import (
	"os/exec"
	"strings"
	"testing"
)

// TestLight: the package stays fit for a Worker, which pays for every import: nothing
// of ours but the table, nothing of others.
func TestLight(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")
	cmd.Env = append(cmd.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(strings.Fields(string(out)), " "); got != "watertight/server/wash watertight/server/sightings watertight/server/report" {
		t.Errorf("it needs %s", got)
	}
}
