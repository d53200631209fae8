//go:build !race

package wash

import (
	"runtime"
	"runtime/debug"
	"testing"
	"unsafe"
)

// TestHeap leaves one object of each size in new pages, and looks at the place after it,
// which nobody has had yet: it holds what was in those pages before, unless Heap wrote
// there.
func TestHeap(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // it would take back what is free
	for _, size := range []int{48, 144, 704, 2304, 10880} {
		at := first(size)
		behind := uintptr(unsafe.Pointer(unsafe.SliceData(at))) + uintptr(size)
		put(behind, size, 0xa5) // as a stack does that is given back
		runtime.GC()            // what processors have set aside for themselves goes back
		Heap()
		if left := count(behind, size, 0xa5); left > 0 {
			t.Errorf("%d bytes of %d at %x are as they were", left, size, behind)
		}
		runtime.KeepAlive(at)
	}
}

// first takes places until one is the first of new pages.
func first(size int) []byte {
	exhaust(size, func() uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(plain(size)))) })
	for {
		at := plain(size)
		if uintptr(unsafe.Pointer(unsafe.SliceData(at)))%page == 0 {
			return at
		}
	}
}

func put(at uintptr, size int, mark byte) {
	for i := range size {
		one := at + uintptr(i)
		*(*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&one))) = mark
	}
}

func count(at uintptr, size int, mark byte) (n int) {
	for i := range size {
		if look(at+uintptr(i)) == mark {
			n++
		}
	}
	return n
}
