package wash

import (
	"runtime"
	"testing"
	"unsafe"
)

// leave puts a mark on the stack and returns where it was.
//
//go:noinline
func leave(mark byte) (at uintptr) {
	var b [4 << 10]byte
	for i := range b {
		b[i] = mark
	}
	return uintptr(unsafe.Pointer(&b[len(b)/2]))
}

// look reads memory that is no variable any more; the stack has not moved, since it
// was deep enough before.
//
//go:noinline
func look(at uintptr) byte { return *(*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))) }

func TestStack(t *testing.T) {
	done := make(chan [2]byte)
	go func() {
		Stack() // grows the stack
		at := leave(0xa5)
		before := look(at)
		Stack()
		done <- [2]byte{before, look(at)}
	}()
	if got := <-done; got != [2]byte{0xa5, 0} {
		t.Errorf("before and after: %x", got)
	}
}

// TestThreads counts: they wait, all at once, and there must not be more of them in the end.
func TestThreads(t *testing.T) {
	Threads()
	before := threads()
	for range 20 {
		Threads()
	}
	if after := threads(); after > before+2*runtime.GOMAXPROCS(0) {
		t.Errorf("%d threads, then %d", before, after)
	}
}

func BenchmarkThreads(b *testing.B) {
	for b.Loop() {
		Threads()
	}
}

func BenchmarkHeap(b *testing.B) {
	for b.Loop() {
		Heap()
	}
}

func BenchmarkStack(b *testing.B) {
	for b.Loop() {
		Stack()
	}
}

func BenchmarkStacks(b *testing.B) {
	for b.Loop() {
		Stacks()
	}
}
