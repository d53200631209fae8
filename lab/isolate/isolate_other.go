//go:build !linux

package isolate

import (
	"fmt"
	"os/exec"
	"runtime"
)

// Command cannot isolate here; Check has said so before.
func Command(args ...string) *exec.Cmd { return exec.Command("false") }

// Enter always fails here.
func Enter() error { return tryEnter() }

// DieWithParent has no counterpart here; Ctrl-C reaches both.
func DieWithParent(*exec.Cmd) {}

func tryEnter() error {
	return fmt.Errorf("%w: it needs Linux, this is %s", ErrMissing, runtime.GOOS)
}
