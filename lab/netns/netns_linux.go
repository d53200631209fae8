// Package netns runs code and programs inside the lab's network namespaces.
//
// A namespace belongs to a thread, not to a process, so everything here locks
// its goroutine to a thread, moves the thread, and lets the thread die with
// the goroutine: a thread that has moved must never run anybody else's code.
package netns

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// Dir is where `ip netns add` keeps its names (iproute2); the lab has a
// private /run, so names cannot collide with the host's or another lab's.
const Dir = "/run/netns"

// Do runs f on a thread inside the namespace. Sockets that f opens belong to
// it for as long as they live.
func Do(name string, f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: see the package comment
		if err := enter(name); err != nil {
			done <- err
			return
		}
		done <- f()
	}()
	return <-done
}

func enter(name string) error {
	file, err := os.Open(filepath.Join(Dir, name))
	if err != nil {
		return fmt.Errorf("open namespace: %w", err)
	}
	defer file.Close()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter namespace %s: %w", name, err)
	}
	return nil
}

// Start starts a program inside the namespace, with its own view of files.
func Start(name string, cmd *exec.Cmd, view View) error {
	return Do(name, func() error {
		if err := view.enter(); err != nil {
			return err
		}
		// Start forks from this thread, so the child inherits its namespaces.
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("start %s in %s: %w", cmd.Path, name, err)
		}
		return nil
	})
}

// Sysctl writes one setting of the namespace: /proc/sys/net shows the values
// of the thread that opens it.
func Sysctl(name, key, value string) error {
	return Do(name, func() error {
		if err := os.WriteFile(filepath.Join("/proc/sys", key), []byte(value), 0o644); err != nil {
			return fmt.Errorf("set sysctl in %s: %w", name, err)
		}
		return nil
	})
}
