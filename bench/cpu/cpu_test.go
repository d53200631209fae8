//go:build linux

package cpu

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

const burning = 200 * time.Millisecond

// TestMain is the measured program as well: one thread of it works and ends, then it waits.
func TestMain(m *testing.M) {
	if os.Getenv("WATERTIGHT_BURN") == "" {
		os.Exit(m.Run())
	}
	runtime.LockOSThread() // the first thread never ends: it is for this goroutine alone
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // never unlocked: the thread ends with its goroutine
		var began, now syscall.Rusage
		const thread = 1 // RUSAGE_THREAD
		_ = syscall.Getrusage(thread, &began)
		for now.Utime.Nano()-began.Utime.Nano() < burning.Nanoseconds() {
			_ = syscall.Getrusage(thread, &now)
		}
	}()
	<-done
	time.Sleep(50 * time.Millisecond) // until the kernel has taken it away
	_, _ = os.Stdout.WriteString("ended\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func TestThreadThatEndedCounts(t *testing.T) {
	t.Parallel()
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), "WATERTIGHT_BURN=1")
	program.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	stdin, _ := program.StdinPipe()
	stdout, _ := program.StdoutPipe()
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	pid := program.Process.Pid
	before, err := Group(pid)
	if err != nil || len(before) != 1 {
		t.Fatalf("a group of %d processes, %v; want 1", len(before), err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len("ended\n"))); err != nil {
		t.Fatal(err)
	}
	after, err := Group(pid)
	if err != nil {
		t.Fatal(err)
	}
	used, err := Since(before, after)
	if err != nil || used < burning.Nanoseconds()*9/10 || used > 20*burning.Nanoseconds() {
		t.Errorf("used %v, %v; one thread alone used %v", time.Duration(used), err, burning)
	}
	_ = stdin.Close()
	_ = program.Wait()
	if used, err := clocks([]int{pid, os.Getpid()}); err != nil || len(used) != 1 {
		t.Errorf("of one that has ended since it was listed, and this one: %v, %v", used, err)
	}
	gone, err := Group(pid)
	if err != nil {
		t.Fatal(err)
	}
	if used, err := Since(after, gone); !errors.Is(err, errEnded) {
		t.Errorf("a process that ended has used %d, %v; want an error", used, err)
	}
}
