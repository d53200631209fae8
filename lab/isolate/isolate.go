// Package isolate runs the lab in namespaces of its own.
//
// The lab starts itself again as process 1 of a new pid namespace, with its
// own mounts, network and IPC. Nothing it makes exists outside: names cannot
// collide, two labs run side by side, and when process 1 dies – also by
// SIGKILL, also because its parent died – the kernel takes the rest down.
package isolate

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// Temp and Home replace the user's own for everything inside: profiles and
// caches live in memory and vanish with the lab.
const (
	Temp = "/run/lab-tmp"
	Home = "/run/lab-home"
)

// ErrMissing means that this system cannot make the lab.
var ErrMissing = errors.New("the lab cannot be made here")

// Check tries the isolation and names exactly what is missing, if anything.
// tools are programs that must be found; tun asks for /dev/net/tun as well.
func Check(tools []string, tun bool) error {
	var missing []error
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, fmt.Errorf("%w: program %q is not installed", ErrMissing, tool))
		}
	}
	if tun {
		if file, err := os.OpenFile("/dev/net/tun", os.O_RDWR, 0); err != nil {
			missing = append(missing, fmt.Errorf("%w: tunnels need /dev/net/tun: %w (as root: modprobe tun; chmod 666 /dev/net/tun)", ErrMissing, err))
		} else {
			file.Close()
		}
	}
	if err := tryEnter(); err != nil {
		missing = append(missing, err)
	}
	return errors.Join(missing...)
}

// SelfTest is the argument with which Check starts this program.
const SelfTest = "isolation-self-test"
