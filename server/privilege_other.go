//go:build !linux

package main

import "errors"

var errUserLinux = errors.New("flag -user: only on Linux")

func dropPrivileges(name string) error {
	if name != "" {
		return errUserLinux
	}
	return nil
}
