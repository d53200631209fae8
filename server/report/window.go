package report

// windowSize is in batches. A node has at most some dozens under way at once, and gives
// each a new number when it sends it again.
const windowSize = 4096

// window remembers which sequences of one boot have come: the highest, and which of the
// windowSize up to it (as IPsec does, RFC 4303 §3.4.3).
type window struct {
	top  uint64
	seen [windowSize / 64]uint64
}

type arrival int

const (
	fresh arrival = iota
	again
	tooOld // nobody can tell whether it has come before
)

func (w *window) enter(n uint64) arrival {
	switch {
	case n > w.top:
		w.advance(n)
	case w.top-n >= windowSize:
		return tooOld
	}
	word, bit := &w.seen[n%windowSize/64], uint64(1)<<(n%64)
	if *word&bit != 0 {
		return again
	}
	*word |= bit
	return fresh
}

// advance clears the places of those between, which hold what was there a round before.
func (w *window) advance(n uint64) {
	if n-w.top >= windowSize {
		w.seen = [windowSize / 64]uint64{}
	} else {
		for i := w.top + 1; i <= n; i++ {
			w.seen[i%windowSize/64] &^= 1 << (i % 64)
		}
	}
	w.top = n
}
