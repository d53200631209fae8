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
	"os/signal"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// Command is this program again, isolated. Start it from a goroutine that
// stays locked to a living thread: Pdeathsig watches the thread (prctl(2)).
func Command(args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	attr := &syscall.SysProcAttr{
		Pdeathsig:  syscall.SIGKILL,
		Cloneflags: unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS,
	}
	if os.Geteuid() != 0 {
		attr.Cloneflags |= unix.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Geteuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getegid(), Size: 1}}
	}
	cmd.SysProcAttr = attr
	return cmd
}

// keep are directories of /run that a visible browser needs: the sockets and
// cookies of the display.
var keep = []string{"/run/user"}

// Enter finishes the isolation from inside: private mounts, its own /proc and
// an empty /run with a place for temporary files.
func Enter() error {
	// Process 1 gets no signal by default; the terminal's must still end it.
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-ended
		os.Exit(130)
	}()
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	kept := map[string]int{}
	for _, dir := range keep {
		if fd, err := unix.OpenTree(unix.AT_FDCWD, dir, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE); err == nil {
			kept[dir] = fd
		}
	}
	if err := unix.Mount("lab", "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
		return fmt.Errorf("mount /run: %w", err)
	}
	for dir, fd := range kept {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return fmt.Errorf("make %s: %w", dir, err)
		}
		if err := unix.MoveMount(fd, "", unix.AT_FDCWD, dir, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
			return fmt.Errorf("keep %s: %w", dir, err)
		}
		unix.Close(fd)
	}
	for _, dir := range []string{Temp, Home} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make %s: %w", dir, err)
		}
	}
	return nil
}

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

func tryEnter() error {
	out, err := Command(SelfTest).CombinedOutput()
	if err == nil {
		return nil
	}
	why := "run as root"
	if os.Geteuid() == 0 {
		why = "this looks like a container without CAP_SYS_ADMIN: run it on a real system or with --privileged"
	} else if b, err := os.ReadFile(filepath.Clean("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")); err == nil && b[0] == '1' {
		why = "AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns=1): run as root"
	}
	return fmt.Errorf("%w: namespaces: %w: %s (%s)", ErrMissing, err, out, why)
}

// SelfTest is the argument with which Check starts this program.
const SelfTest = "isolation-self-test"
