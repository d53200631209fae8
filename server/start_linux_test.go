package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// newborn is a process of the command that is watched from its first moment on.
type newborn struct {
	*exec.Cmd
	stdout, stderr said
	ended          chan error
}

// bear calls each again and again, with the environment that the process was started with,
// until it serves.
func bear(t *testing.T, each func(c *newborn, environ string), command ...string) *newborn {
	t.Helper()
	c := &newborn{Cmd: exec.Command(command[0], command[1:]...), ended: make(chan error, 1)}
	c.Stdout, c.Stderr = &c.stdout, &c.stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	go func() { c.ended <- c.Wait() }()
	for end := time.Now().Add(20 * time.Second); !strings.Contains(c.stdout.String(), "\nds "); time.Sleep(100 * time.Microsecond) {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", c.Process.Pid))
		each(c, "\x00"+string(raw))
		select {
		case err := <-c.ended:
			t.Fatalf("ended: %v %s", err, &c.stderr)
		default:
		}
		if time.Now().After(end) {
			t.Fatal("does not start")
		}
	}
	return c
}

// TestReloadsEarly: a reload that comes while it starts ends nothing, nor does one while it
// ends; and none is lost.
func TestReloadsEarly(t *testing.T) {
	hups := 0
	c := bear(t, func(c *newborn, environ string) {
		// Before its first line a process can do nothing about it; here it has begun, and
		// started itself again.
		if hups > 0 || strings.Contains(environ, "clobberfree=") {
			_ = c.Process.Signal(syscall.SIGHUP)
			hups++
		}
	}, built(t), "--dns", "127.0.0.1:0", "--stun=", "--http", "127.0.0.1:0", "--networks", os.DevNull)
	if hups < 5 {
		t.Errorf("only %d reloads while it started", hups)
	}
	c.stderr.wait(t, "networks were read again")
	_ = c.Process.Signal(syscall.SIGTERM)
	for {
		_ = c.Process.Signal(syscall.SIGHUP)
		select {
		case err := <-c.ended:
			if err != nil {
				t.Errorf("ended with %v %s", err, &c.stderr)
			}
			return
		case <-time.After(100 * time.Microsecond):
		}
	}
}

// TestOwnSettings: who sets GODEBUG or GOTRACEBACK has it as they said; what they have not
// set is as the manual says.
func TestOwnSettings(t *testing.T) {
	const ours = "GODEBUG=clobberfree=1,gcshrinkstackoff=1,adaptivestackstart=0,asyncpreemptoff=1"
	for _, test := range []struct{ set, want []string }{
		{nil, []string{ours, "GOTRACEBACK=none"}},
		{[]string{"GOTRACEBACK=all"}, []string{ours, "GOTRACEBACK=all"}},
		{[]string{"GODEBUG=clobberfree=0"}, []string{"GODEBUG=clobberfree=0", "GOTRACEBACK=none"}},
		{[]string{"GODEBUG=clobberfree=0", "GOTRACEBACK=all"}, []string{"GODEBUG=clobberfree=0", "GOTRACEBACK=all"}},
		{[]string{"GODEBUG=asyncpreemptoff=0"}, []string{ours + ",asyncpreemptoff=0", "GOTRACEBACK=none"}}, // of two the runtime takes the later
	} {
		command := append([]string{"env", "-u", "GODEBUG", "-u", "GOTRACEBACK"}, test.set...)
		last := "" // once it serves, nobody but root can see it
		c := bear(t, func(_ *newborn, environ string) {
			if len(environ) > 1 {
				last = environ
			}
		}, append(command, built(t), "--dns", "127.0.0.1:0", "--stun=", "--http", "127.0.0.1:0")...)
		for _, want := range test.want {
			name, _, _ := strings.Cut(want, "=")
			if !strings.Contains(last, "\x00"+want+"\x00") || strings.Count(last, "\x00"+name+"=") != 1 {
				t.Errorf("%v: has not %q", test.set, want)
			}
		}
		_ = c.Process.Kill()
	}
}
