//go:build workerd

package worker

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// startBinary runs the companion, as API alone, with the same settings.
func startBinary(t testing.TB, lines string) (url string) {
	t.Helper()
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte(key.Line()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(root, "build/watertight-server"), //nolint:gosec // our own
		"--zone", zone, "--ip4", "203.0.113.53", "--ip6", "2001:db8:53::53", "--dns=", "--stun=", "--turn=",
		"--http", "127.0.0.1:0", "--networks", networksFile(t, lines), "--report-keys", keys)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for s := bufio.NewScanner(out); s.Scan(); {
		if at, ok := strings.CutPrefix(s.Text(), "http "); ok {
			return "http://" + at
		}
	}
	t.Fatal("the companion did not start")
	return ""
}
