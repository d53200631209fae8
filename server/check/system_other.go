//go:build !linux

package check

// Clock is known on Linux only.
func Clock() (kept, known bool) { return false, false }
