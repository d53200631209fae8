// Package debian gets programs out of Debian packages without installing them.
//
// The package systemd-resolved takes over the /etc/resolv.conf of the machine
// that it is installed on. The lab wants its program only, in its own network.
package debian

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Resolved finds systemd-resolved: the system's own, or one unpacked below dir,
// which is then made. Libs is the directory of the libraries that belong to it.
func Resolved(ctx context.Context, dir string) (program, libs string, err error) {
	const own = "/lib/systemd/systemd-resolved"
	if _, err := os.Stat(own); err == nil {
		return own, "", nil
	}
	program = filepath.Join(dir, own)
	if _, err := os.Stat(program); err != nil {
		if err := unpack(ctx, dir, "systemd-resolved", "libsystemd-shared"); err != nil {
			return "", "", err
		}
	}
	found, err := filepath.Glob(filepath.Join(dir, "usr/lib/*/systemd/libsystemd-shared-*.so"))
	if err != nil || len(found) == 0 {
		return "", "", fmt.Errorf("find systemd's library below %s: %v", dir, found)
	}
	return program, filepath.Dir(found[0]), nil
}

func unpack(ctx context.Context, dir string, packages ...string) error {
	debs, err := os.MkdirTemp("", "watertight-debs-")
	if err != nil {
		return fmt.Errorf("unpack packages: %w", err)
	}
	defer os.RemoveAll(debs)
	download := exec.CommandContext(ctx, "apt-get", append([]string{"download", "-qq"}, packages...)...)
	download.Dir = debs
	if out, err := download.CombinedOutput(); err != nil {
		return fmt.Errorf("download packages %v: %w: %s", packages, err, out)
	}
	files, err := filepath.Glob(filepath.Join(debs, "*.deb"))
	if err != nil || len(files) != len(packages) {
		return fmt.Errorf("download packages %v: got %v", packages, files)
	}
	for _, file := range files {
		if out, err := exec.CommandContext(ctx, "dpkg-deb", "-x", file, dir).CombinedOutput(); err != nil {
			return fmt.Errorf("unpack %s: %w: %s", file, err, out)
		}
	}
	return nil
}
