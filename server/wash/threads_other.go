//go:build !linux

package wash

func threads() int { return 0 }

// Threads does nothing here.
func Threads() {}
