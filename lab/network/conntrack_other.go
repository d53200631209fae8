//go:build !linux

package network

import "errors"

// Forget always fails here.
func Forget(string) error { return errors.New("connection tables exist on Linux only") }
