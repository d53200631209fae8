package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

var buildDir string // "" until something was built

// build makes the command as it ships, once.
var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "watertight-server")
	if err != nil {
		return "", err
	}
	buildDir = dir
	file := filepath.Join(dir, "watertight-server")
	cmd := exec.Command("go", "build", "-trimpath", "-o", file, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return file, fmt.Errorf("%w: %s", err, out)
	}
	return file, os.Chmod(dir, 0o755)
})

func built(t *testing.T) string {
	t.Helper()
	file, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

// child is a process of it, and where it listens.
type child struct {
	*exec.Cmd
	at     map[string]string // "dns", "http": the first address
	stderr *said
}

func spawn(t *testing.T, command ...string) child {
	t.Helper()
	c := child{exec.Command(command[0], command[1:]...), make(map[string]string), new(said)}
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = c.stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		what, value, _ := strings.Cut(lines.Text(), " ")
		if c.at[what] == "" {
			c.at[what] = value
		}
		if what == "ds" {
			break
		}
	}
	if c.at["ds"] == "" {
		_ = c.Wait()
		t.Fatalf("it does not start: %s", c.stderr)
	}
	return c
}

// threads tells a line of /proc/PID/status, of every thread.
func threads(t *testing.T, pid int, key string) (values []string) {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(files) == 0 {
		t.Fatalf("no threads: %v", err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			continue // the thread has ended
		}
		for line := range strings.Lines(string(raw)) {
			if v, ok := strings.CutPrefix(line, key+":"); ok {
				values = append(values, strings.Join(strings.Fields(v), " "))
			}
		}
	}
	return values
}

// asNobody lets root become somebody else. Who is not root is told that only root can, and
// stays who it is.
func asNobody(t *testing.T, command ...string) []string {
	t.Helper()
	become := append(command, "--user", "nobody")
	if os.Geteuid() == 0 {
		return become
	}
	out, err := exec.Command(become[0], become[1:]...).CombinedOutput()
	if err == nil || !bytes.Contains(out, []byte("only root")) {
		t.Errorf("%v %s", err, out)
	}
	return command
}

// TestPrivileges: when it answers, no thread of it can do more than any user's, and
// nobody can take a picture of its memory.
func TestPrivileges(t *testing.T) {
	c := spawn(t, asNobody(t, built(t), "--dns", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--http", "127.0.0.1:0")...)
	res, err := http.Get("http://" + c.at["http"] + "/v1/about")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	for key, want := range map[string]string{"CapEff": "0000000000000000", "CapPrm": "0000000000000000", "CapAmb": "0000000000000000", "NoNewPrivs": "1"} {
		for _, got := range threads(t, c.Process.Pid, key) {
			if got != want {
				t.Errorf("%s is %s", key, got)
			}
		}
	}
	for _, uid := range threads(t, c.Process.Pid, "Uid") {
		if strings.Contains(" "+uid+" ", " 0 ") {
			t.Errorf("a thread of root: %s", uid)
		}
	}
	for _, groups := range threads(t, c.Process.Pid, "Groups") {
		if strings.Contains(" "+groups+" ", " 0 ") {
			t.Errorf("a thread in root's group: %s", groups)
		}
	}
	// proc(5): what belongs to a process that must not be dumped belongs to root.
	info, err := os.Stat(fmt.Sprintf("/proc/%d/mem", c.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 {
		t.Errorf("user %d can look into its memory", owner)
	}
	_ = c.Process.Signal(os.Interrupt)
	done := make(chan error)
	go func() { done <- c.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("ended with %v, %s", err, c.stderr)
		}
	case <-time.After(10 * time.Second):
		t.Error("does not end")
	}
}

// TestUserFiles: files that only root can read are read before root is given up.
func TestUserFiles(t *testing.T) {
	cert, key, _ := write(t, t.TempDir(), 1) // theirs alone
	c := spawn(t, asNobody(t, built(t), "--dns", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--http", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)...)
	if c.at["https"] == "" {
		t.Errorf("listens on %v", c.at)
	}
	if said := c.stderr.String(); said != "" {
		t.Errorf("said %s", said)
	}
}

// TestUnit: systemd understands the unit and finds little that it could do.
func TestUnit(t *testing.T) {
	raw, err := os.ReadFile("package/watertight-server.service")
	if err != nil {
		t.Fatal(err)
	}
	// The paths of this machine stand for those of the package.
	text := strings.ReplaceAll(string(raw), "/usr/local/bin/watertight-server", built(t))
	text = strings.ReplaceAll(text, "Documentation=file:/usr/local", "Documentation=file:/usr")
	unit := filepath.Join(t.TempDir(), "watertight-server.service")
	put(t, unit, []byte(text))
	if out, err := exec.Command("systemd-analyze", "verify", "--man=no", unit).CombinedOutput(); err != nil || bytes.Contains(out, []byte("watertight-server.service:")) {
		t.Errorf("verify: %v %s", err, out)
	}
	// 20 is an exposure of 2.0 of 10, most of it for having a network at all.
	if out, err := exec.Command("systemd-analyze", "security", "--offline=yes", "--threshold=20", "--no-pager", unit).CombinedOutput(); err != nil {
		t.Errorf("security: %v\n%s", err, out)
	}
}
