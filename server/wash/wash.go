// Package wash overwrites what is left on stacks. Functions that have returned leave
// their variables there, such as addresses of visitors, and in Go nothing wipes them:
// a goroutine that waits for the next packet holds those of the last for as long. A
// stack that is given back goes to the next goroutine, or to a thread, as it is.
package wash

import (
	"runtime"
	"sync"
)

const (
	// smallest stack of a goroutine, and the largest that the runtime keeps in spans of
	// its own, which several goroutines share; larger ones are given back whole.
	smallest, largest = 2 << 10, 16 << 10
	span              = 32 << 10
	// most goroutines at once: a busy server reuses its stacks anyway.
	most = 4096
)

// Stack overwrites the stack of this goroutine below its caller's frame, and the
// registers that can hold data. Call it before a long wait, and first when a goroutine
// starts that lives long: a stack that grows moves onto memory that others have used.
//
//go:noinline
func Stack() {
	deepen()
	below()
}

// Deepen makes room on this goroutine's stack for what is to come: the smaller ones that
// it would grow through go back as they are, so let it grow before there is anything on
// it. 16 kB is what an answer over HTTP takes anyway.
func Deepen() { grow16() }

// Below is Stack without a larger one: for a goroutine that is about to end.
func Below() { below() }

// Stacks overwrites the stacks of goroutines that have ended: it takes as many of each
// size as can be left over in shared spans, all at once, and fills them. What is in
// no shared span is given back to the system by debug.FreeOSMemory.
func Stacks() {
	users := runtime.NumGoroutine() + 2
	for size := smallest; size <= largest; size *= 2 {
		if size == largest {
			users += threads() // each has one of these
		}
		var all, left sync.WaitGroup
		done := make(chan struct{})
		n := min(most, users*(span/size))
		all.Add(n)
		left.Add(n)
		for range n {
			go func() {
				reach(size)
				below()
				all.Done()
				<-done // nobody gives a stack back before all have one
				left.Done()
			}()
		}
		all.Wait()
		close(done)
		left.Wait()
	}
}

// reach makes the stack that large, and no larger: a frame of half a stack, and what the
// runtime keeps free below it, do not fit in a smaller one.
func reach(size int) {
	switch size {
	case 4 << 10:
		grow4()
	case 8 << 10:
		grow8()
	case 16 << 10:
		grow16()
	}
}
