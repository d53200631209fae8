package isolate

import (
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

// DieWithParent ends a program when this one dies, however it dies.
func DieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
}
