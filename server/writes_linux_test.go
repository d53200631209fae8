package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// harmless writes go to sockets, pipes and the like: no file on a disk.
var (
	harmless = regexp.MustCompile(`^\d+<(pipe|socket|TCP|UDP|anon_inode|UNIX)[^>]*>`)
	call     = regexp.MustCompile(`^\d+ +([a-z0-9_]+)\((.*)$`)
)

func noWrites(t *testing.T, trace string) {
	t.Helper()
	raw, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]int)
	for line := range strings.Lines(string(raw)) {
		m := call.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue // signals, ends, and the second halves of calls
		}
		seen[m[1]]++
		switch m[1] {
		case "write", "writev", "pwrite64", "pwritev", "sendfile":
			if !harmless.MatchString(m[2]) {
				t.Errorf("writes: %s", line)
			}
		case "openat", "open":
			if strings.Contains(m[2], "O_WRONLY") || strings.Contains(m[2], "O_RDWR") || strings.Contains(m[2], "O_CREAT") {
				t.Errorf("opens: %s", line)
			}
		case "execve", "readlink", "readlinkat", "access", "faccessat2", "newfstatat", "stat", "lstat", "statfs", "getcwd":
		default:
			t.Errorf("does: %s", line)
		}
	}
	if seen["execve"] == 0 || seen["openat"] == 0 || seen["write"] == 0 {
		t.Errorf("traced %v: that is not all", seen)
	}
}
