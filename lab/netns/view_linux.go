package netns

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// enter moves the calling thread into mounts of its own.
func (v View) enter() error {
	if v == (View{}) {
		return nil
	}
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("unshare mounts: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if v.Etc != "" {
		if err := unix.Mount(v.Etc, "/etc", "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("bind %s over /etc: %w", v.Etc, err)
		}
	}
	if v.ResolvConf == "" {
		return nil
	}
	target, err := resolvConfTarget()
	if err != nil {
		return err
	}
	if err := unix.Mount(v.ResolvConf, target, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("bind %s over %s: %w", v.ResolvConf, target, err)
	}
	return nil
}

// resolvConfTarget is the file to bind over. On many systems resolv.conf is a
// link into /run, which is private here and empty, so the end of the link is
// made first.
func resolvConfTarget() (string, error) {
	const path = "/etc/resolv.conf"
	target, err := os.Readlink(path)
	if err != nil {
		target = path
	} else if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(path), target)
	}
	if _, err := os.Stat(target); err == nil {
		return target, nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", fmt.Errorf("make place for resolv.conf: %w", err)
	}
	file, err := os.OpenFile(target, os.O_CREATE, 0o644)
	if err != nil {
		return "", fmt.Errorf("make place for resolv.conf: %w", err)
	}
	return target, file.Close()
}
