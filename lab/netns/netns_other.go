//go:build !linux

// Package netns runs code and programs inside the lab's network namespaces,
// which only Linux has.
package netns

import (
	"errors"
	"os/exec"
)

var errLinux = errors.New("network namespaces exist on Linux only")

func Do(string, func() error) error               { return errLinux }
func Start(string, *exec.Cmd, View) error         { return errLinux }
func Sysctl(name string, key, value string) error { return errLinux }
