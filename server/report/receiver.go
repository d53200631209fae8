package report

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	"watertight/server/sightings"
)

const (
	// MaxSkew between the clocks of a node and of the API.
	MaxSkew = 5 * time.Minute
	// bootKept after a boot's last batch. A batch of a clock that is MaxSkew ahead can
	// be sent again for twice that; then its time is too old.
	bootKept = 2*MaxSkew + time.Minute
	// maxBoots at once, of about 600 bytes. Only who has a key can make one.
	maxBoots = 4096
)

// Error is a refusal: a status of HTTP, a word for programs and a sentence for people.
type Error struct {
	Status        int
	Code, Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

var (
	errReplayed = &Error{http.StatusConflict, "replayed", "this batch is so old in its sequence that it may have come before"}
	errNodes    = &Error{http.StatusServiceUnavailable, "too-many-nodes", "too many nodes have reported in the last minutes"}
)

// Receiver merges batches into a table, each once. It is safe for concurrent use.
type Receiver struct {
	table *sightings.Table
	now   func() time.Time

	mu    sync.Mutex
	boots map[boot]*node
}

type boot struct {
	key KeyID
	id  [8]byte
}

type node struct {
	window
	last time.Time
}

// NewReceiver makes one without any memory of what has come; now is the clock, nil the
// machine's.
func NewReceiver(t *sightings.Table, now func() time.Time) *Receiver {
	if now == nil {
		now = time.Now
	}
	return &Receiver{table: t, now: now, boots: make(map[boot]*node)}
}

// Accept takes a batch whose signature somebody has checked, and reports whether it is
// new. One that comes again changes nothing, and is no mistake: its answer was lost.
func (r *Receiver) Accept(b Batch) (isNew bool, err error) {
	now := r.now()
	if err := skew(b.Time.Sub(now)); err != nil {
		return false, err
	}
	switch a, err := r.arrive(b.Header, now); {
	case err != nil:
		return false, err
	case a == tooOld:
		return false, errReplayed
	case a == again:
		return false, nil
	}
	if age, is := b.Missing.age(); is {
		r.table.Miss(now.Add(-age))
	}
	for record := range b.Records {
		if record.Path {
			r.table.RecordPath(record.Token, sightings.Path{Transport: record.Transport, Address: record.Resolver})
		} else {
			r.table.Record(record.Observation)
		}
	}
	return true, nil
}

func skew(ahead time.Duration) error {
	way := "ahead of"
	if ahead < 0 {
		ahead, way = -ahead, "behind"
	}
	if ahead <= MaxSkew {
		return nil
	}
	return &Error{http.StatusBadRequest, "clock", fmt.Sprintf("the clock of this node is %.0f s %s the API's; up to %.0f s are allowed", ahead.Seconds(), way, MaxSkew.Seconds())}
}

func (r *Receiver) arrive(h Header, now time.Time) (arrival, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := boot{h.Key, h.Boot}
	n := r.boots[b]
	if n == nil {
		if len(r.boots) >= maxBoots {
			r.forget(now)
		}
		if len(r.boots) >= maxBoots {
			return 0, errNodes
		}
		n = new(node)
		r.boots[b] = n
	}
	n.last = now
	return n.enter(h.Sequence), nil
}

// forget drops the boots whose batches would be refused for their time.
func (r *Receiver) forget(now time.Time) {
	for b, n := range r.boots {
		if now.Sub(n.last) > bootKept {
			delete(r.boots, b)
		}
	}
}

// Nodes is how many boots of nodes have reported in the last minutes.
func (r *Receiver) Nodes() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(r.now())
	return len(r.boots)
}
