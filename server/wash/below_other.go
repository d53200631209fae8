//go:build !amd64 && !arm64

package wash

// Elsewhere the frame of a function that has returned is what gets overwritten: all but
// the lowest part of a stack, which the runtime keeps free.

func below()          {}
func scheduler() bool { return false }
func deepen()         { var b [28 << 10]byte; touch(&b[0]) }
func grow4()          { var b [2 << 10]byte; touch(&b[0]) }
func grow8()          { var b [4 << 10]byte; touch(&b[0]) }
func grow16()         { var b [8 << 10]byte; touch(&b[0]) }

// touch makes the compiler believe that what it points to is used.
//
//go:noinline
func touch(*byte) {}
