package report

import (
	"math"
	"time"
)

// Missing says that records have been lost on the way, of tokens that nobody knows any
// more: 0 is none, and any other number one more than the tenths of a second that have
// passed since the youngest of them was seen. Their time is relative, so that it does not
// matter what the node's clock shows.
//
// An API from before this field refuses a batch that has it. So a node says it in batches
// without records, and loses nothing else by that.
type Missing uint16

const missingUnit = time.Second / 10

// MissingSince the youngest of them was seen, so long ago.
func MissingSince(age time.Duration) Missing {
	return 1 + Missing(min(max(0, age)/missingUnit, math.MaxUint16-1))
}

// age tells it again, rounded down.
func (m Missing) age() (since time.Duration, is bool) {
	return (time.Duration(m) - 1) * missingUnit, m != 0
}
