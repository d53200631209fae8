//go:build linux

// Command unit starts the packaged unit under a systemd of its own: PID 1 of namespaces
// in which root is root of nothing else. unit FOLDER runs inside.sh there, which makes the
// system; what asks.sh found is printed, and decides. All ends with this process.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// patience for a machine with other work; a free one takes 3 s.
const patience = 60 * time.Second

var (
	errAsked   = errors.New("the unit does not do what it has to")
	errPatient = errors.New("systemd did not come up in time")
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "unit:", err)
		os.Exit(1)
	}
}

func run(folder string) error {
	c := exec.Command("bash", "tools/unit/inside.sh", folder)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	// A unit's own user is one of the highest (DynamicUser=), so all have to exist.
	all := []syscall.SysProcIDMap{{Size: 1 << 16}}
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWUSER | syscall.CLONE_NEWPID | syscall.CLONE_NEWNS | syscall.CLONE_NEWNET |
			syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC | syscall.CLONE_NEWCGROUP,
		UidMappings: all, GidMappings: all, GidMappingsEnableSetgroups: true, Pdeathsig: syscall.SIGKILL,
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("make namespaces (root is needed): %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	defer func() { _ = c.Process.Kill() }()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		found, _ := os.ReadFile(filepath.Join(folder, "found"))
		switch {
		case bytes.HasSuffix(found, []byte("all as it has to be\n")):
			fmt.Printf("%s", found)
			return nil
		case bytes.Contains(found, []byte("\nwrong:")) || bytes.HasPrefix(found, []byte("wrong:")):
			fmt.Printf("%s", found)
			return errAsked
		}
		select {
		case err := <-ended:
			return fmt.Errorf("%w: %w\n%s", errPatient, err, &said)
		default:
		}
	}
	return errPatient
}
