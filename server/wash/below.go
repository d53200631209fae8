//go:build amd64 || arm64

package wash

// below overwrites all of this goroutine's stack that is below the caller's frame, and
// the registers that nobody may rely on across a call. Nothing can be in that part of a
// stack: Go has no red zone, and signals have stacks of their own. The uppermost four
// words, which the runtime leaves free (newproc1), go too.
func below()

// scheduler overwrites the stack on which this thread's scheduler runs, from the place at
// which it begins when it is called next. Where that is, in structures of the runtime, is
// no promise of Go: it looks whether they are as expected, and reports whether.
func scheduler() bool

// deepen makes the stack 32 kB, deeper than any of our handlers goes (signing goes
// deepest), so that it does not move any more; the others, at least the size they are
// named for.
func deepen()
func grow4()
func grow8()
func grow16()
