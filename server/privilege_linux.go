package main

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// dropPrivileges is called when the ports are open and the files are read: from then on
// this process is nobody in particular. A root without --user stays root; that is for namespaces,
// whose root is nobody outside.
func dropPrivileges(name string) error {
	if name != "" {
		if err := become(name); err != nil {
			return fmt.Errorf("flag -user: %w", err)
		}
	}
	// No core file, and no other process of this user may look into this one's memory:
	// addresses are in it, for as long as PRIVACY.md says.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("forbid core files: %w", err)
	}
	if os.Geteuid() == 0 {
		return nil
	}
	return dropCapabilities()
}

var errNotRoot = errors.New("only root can become somebody else")

// become changes all threads (syscall's functions do).
func become(name string) error {
	if os.Geteuid() != 0 {
		return errNotRoot
	}
	u, err := user.Lookup(name)
	if err != nil {
		return err //nolint:wrapcheck // it names the user
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err //nolint:wrapcheck // numbers on every Unix
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	if err := errors.Join(syscall.Setgroups([]int{gid}), syscall.Setgid(gid), syscall.Setuid(uid)); err != nil {
		return fmt.Errorf("become %s: %w", name, err)
	}
	return nil
}

// dropCapabilities of all threads, and the way to get any back (capabilities(7)).
func dropCapabilities() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	for _, step := range []struct {
		what string
		do   func() syscall.Errno
	}{
		{"forbid new privileges", func() syscall.Errno { return prctl(unix.PR_SET_NO_NEW_PRIVS, 1) }},
		{"drop ambient capabilities", func() syscall.Errno { return prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_CLEAR_ALL) }},
		{"drop capabilities", func() syscall.Errno {
			// The addresses are made in the call itself (package unsafe, rule 4): a number that
			// was one before does not move along when the stack does.
			_, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(&header)), uintptr(unsafe.Pointer(&none)), 0)
			return errno
		}},
	} {
		errno := step.do()
		if errno == syscall.ENOTSUP { // built with cgo, as only tests are
			return nil
		}
		if errno != 0 {
			return fmt.Errorf("%s: %w", step.what, errno)
		}
	}
	return nil
}

func prctl(option, value uintptr) syscall.Errno {
	_, _, errno := syscall.AllThreadsSyscall(unix.SYS_PRCTL, option, value, 0)
	return errno
}
