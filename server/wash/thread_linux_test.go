//go:build !race && (amd64 || arm64)

package wash

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// TestThread holds this toolchain to what the package knows of the runtime. The first
// thread's stack is not the runtime's, so there are two.
func TestThread(t *testing.T) {
	var found atomic.Int32
	var both, ready sync.WaitGroup
	ready.Add(2)
	for range 2 {
		both.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ready.Done()
			ready.Wait()
			if thread() {
				found.Add(1)
			}
		})
	}
	both.Wait()
	if found.Load() == 0 {
		t.Error("the stacks of a thread are not where they were")
	}
}
