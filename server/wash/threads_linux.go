package wash

import (
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// mostThreads in one turn: each that is busy costs another one, for a moment.
	mostThreads = 64
	// spare threads for each processor, besides a few, may stay; the runtime makes some
	// more each time that all wait at once.
	spare = 2
	// apart are the runtime's monitor and the thread that starts the others, which run no
	// goroutines.
	apart = 2
)

// layoutKnown: the structures of the runtime that scheduler reads are those of Go 1.26. With
// another Go it leaves them alone, and the test of this package says that they are to be
// looked at anew; a server must not write where it only believes that a stack is.
var layoutKnown = strings.HasPrefix(runtime.Version(), "go1.26")

// threads that there are, also those that wait for something to do.
func threads() int {
	s := []metrics.Sample{{Name: "/sched/threads/total:threads"}}
	metrics.Read(s)
	if s[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int(s[0].Value.Uint64())
}

// Threads overwrites what the threads have that wait for something to do: registers, and
// two stacks, the scheduler's and that of signals, on which the kernel puts registers.
// They are made of the same memory as goroutines' and come to a thread as they are. To be
// called first before there is anything to forget, because one thread that lives for ever
// and that nobody reaches, the one that starts the others, begins here.
func Threads() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	thread()
	var ready, left sync.WaitGroup
	var surplus atomic.Int32
	all := make(chan struct{})
	n := max(0, min(mostThreads, threads()-apart-1))
	ready.Add(n)
	for range n {
		left.Go(func() {
			runtime.LockOSThread()
			thread()
			ready.Done()
			<-all // nobody gives a thread back before all have one
			if surplus.Add(-1) >= 0 && unix.Gettid() != unix.Getpid() {
				return // a goroutine that is locked takes its thread with it
			}
			runtime.UnlockOSThread()
		})
	}
	ready.Wait()
	surplus.Store(int32(threads() - 2*apart - spare*runtime.GOMAXPROCS(0)))
	close(all)
	left.Wait()
}

// thread overwrites what this one has, and reports whether it found both stacks.
func thread() bool {
	below()
	found := layoutKnown && scheduler()
	var s struct { // stack_t of sigaltstack(2)
		base  unsafe.Pointer
		flags int32
		size  uintptr
	}
	_, _, e := unix.RawSyscall(unix.SYS_SIGALTSTACK, 0, uintptr(unsafe.Pointer(&s)), 0)
	if e != 0 || s.base == nil || s.flags != 0 { // none, or in use
		return false
	}
	clear(unsafe.Slice((*byte)(s.base), s.size))
	return found
}
