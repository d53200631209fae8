// Package wash overwrites what is left on stacks. Functions that have returned leave
// their variables there, such as addresses of visitors, and in Go nothing wipes them:
// a goroutine that waits for the next packet holds those of the last for as long.
package wash

import (
	"runtime"
	"sync"
	"unsafe"
)

const (
	// whole is the stack that Stack makes and wipes, deeper than any of our handlers
	// goes (signing goes deepest), and below what it wipes at once.
	whole, below = 32 << 10, 28 << 10
	// page of the runtime: the upper end of a stack is the end of one.
	page = 8 << 10
	// smallest stack of a goroutine, and the largest that the runtime keeps in spans
	// which several goroutines share; larger ones are given back whole.
	smallest, largest = 2 << 10, 16 << 10
	// slots of the smallest size in a span.
	slots = 16
	// most goroutines at once: a busy server reuses its stacks anyway.
	most = 512
	// guard is what the runtime keeps free at a stack's end, for functions that do not
	// ask whether there is room (runtime/stack.go), and entry what our own first frames
	// take.
	guard, entry = 928, 192
)

// Stack overwrites the stack of this goroutine below its caller's frame. Call it
// before a long wait, and first when a goroutine starts that lives long: a stack that
// grows moves onto memory that others have used.
//
//go:noinline
func Stack() {
	var b [below]byte
	touch(&b[0])
	at := uintptr(unsafe.Pointer(&b[0]))
	low := (at+below+page-1)/page*page - whole
	fill(max(0, int(at-low)-guard-entry)/frame, nil)
}

// touch makes the compiler believe that what it points to is used.
//
//go:noinline
func touch(*byte) {}

// Stacks overwrites the stacks of goroutines that have ended: it takes as many of each
// size as can be left over in shared spans, all at once, and fills them. What is in
// no shared span is given back to the system by debug.FreeOSMemory.
func Stacks() {
	n := min(most, slots*(runtime.NumGoroutine()+2))
	for size := smallest; size <= largest; size *= 2 {
		steps := (size - guard - entry) / frame
		var all sync.WaitGroup
		all.Add(n)
		for range n {
			go func() {
				fill(steps, nil)
				all.Done()
				all.Wait() // nobody gives a stack back before all have one
			}()
		}
		all.Wait()
	}
}

// frame is how much one step of fill takes.
var frame = func() int {
	var at [2]uintptr
	fill(1, &at)
	return int(at[1] - at[0])
}()

// fill goes down in small steps, and then once into what is kept free at the end.
//
//go:noinline
func fill(steps int, at *[2]uintptr) {
	var b [64]byte
	touch(&b[0])
	if at != nil {
		at[steps] = uintptr(unsafe.Pointer(&b[0]))
	}
	if steps > 0 {
		fill(steps-1, at)
		return
	}
	end()
}

// end may use 800 bytes without asking; the linker holds it to that.
//
//go:nosplit
//go:noinline
func end() {
	var b [640]byte
	touchHere(&b[0])
}

//go:nosplit
//go:noinline
func touchHere(*byte) {}
