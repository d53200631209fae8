package wash

import "unsafe"

const (
	// page of the runtime: a span of the heap begins on one.
	page = 8 << 10
	// largest of the sizes of which several objects share a span.
	largestShared = 32 << 10
	// mostHeap is where Heap stops, whatever it finds.
	mostHeap = 64 << 20
)

// Heap overwrites places in the heap in which there was no object yet. They are not empty:
// the heap takes pages that stacks have left, as they are. To be called after a
// collection, when all places are free that can be; the next collection takes back what
// it takes, some 10 MB.
func Heap() {
	for size, taken := 0, 0; size < largestShared && taken < mostHeap; {
		size = roundUp(size + 1)
		taken += exhaust(size, func() uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(plain(size)))) })
		taken += exhaust(size, func() uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(pointers(size)))) })
	}
}

// roundUp tells which size the allocator makes of that.
func roundUp(size int) int { return cap(append([]byte(nil), make([]byte, size)...)) }

// plain bytes; not inlined, or small ones would be on the stack.
//
//go:noinline
func plain(size int) []byte {
	b := make([]byte, size)
	clear(b) // the allocator does not overwrite what it takes for empty
	return b
}

// pointers, whose places are not those of plain bytes. Above 512 bytes the allocator puts
// a word of its own in front.
//
//go:noinline
func pointers(size int) []*byte {
	if size > 512 {
		size -= word
	}
	p := make([]*byte, size/word)
	clear(p)
	return p
}

const word = int(unsafe.Sizeof(uintptr(0)))

// exhaust takes places of one kind until new pages are taken for it, and returns how many
// bytes it took. In new pages one place follows the other from the beginning of a page on:
// for long, or twice the same number: what the allocator keeps for itself is at the end.
func exhaust(size int, take func() uintptr) (taken int) {
	long := 12 * page // a span is shorter
	if size <= 1<<10 {
		long = 4 * page
	}
	last, run, before := uintptr(0), 0, 0
	whole := func() bool { return run*size >= long || run == before && run*size > page*7/8 }
	for taken < mostHeap {
		at := take()
		taken += size
		if at == last+uintptr(size) && run > 0 {
			run++
		} else {
			if whole() {
				break
			}
			before, run = run, 0
			if at%page <= uintptr(word) {
				run = 1
			}
		}
		if last = at; run*size >= long {
			break
		}
	}
	return taken
}
