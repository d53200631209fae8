//go:build !faulty

package main

// provoke is a mistake that only a build for a test has; see TestOnePacket.
func provoke([]byte) {}
