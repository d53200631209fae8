package sightings

// pageSize is in values. Memory that grows by pages is never copied, which would
// hold everybody up, and never twice as large as it need be. The garbage collector
// marks each page, so they are not small: 64 kB of entries.
const pageSize = 1024

// pages is a window [first, last) of a numbered sequence. T has no pointers, so
// the garbage collector looks at the pages' addresses only.
type pages[T any] struct {
	list  []*[pageSize]T
	spare *[pageSize]T // one that was emptied, for the next that is needed
	base  uint64       // number of the first value of the first page
}

func (p *pages[T]) at(n uint64) *T {
	n -= p.base
	return &p.list[n/pageSize][n%pageSize]
}

// reach makes room for number n, which is at most one beyond what there is.
func (p *pages[T]) reach(n uint64) {
	if n-p.base < uint64(len(p.list))*pageSize {
		return
	}
	page := p.spare
	if p.spare = nil; page == nil {
		page = new([pageSize]T)
	}
	p.list = append(p.list, page)
}

// leave says that nothing before n is used any more. What was there is zero.
func (p *pages[T]) leave(n uint64) {
	for n-p.base >= pageSize {
		p.spare = p.list[0]
		p.list = p.list[:copy(p.list, p.list[1:])]
		p.base += pageSize
	}
}
