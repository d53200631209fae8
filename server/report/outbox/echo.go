package outbox

import (
	"errors"
	"slices"
	"time"

	"watertight/server/report"
)

const (
	// echoAfter: an API that ends has told its readers what it took a second ago. What it
	// took later it may have taken to its grave, so that is said again, once.
	echoAfter = time.Second
	// echoTogether makes few requests of many echoes.
	echoTogether = 250 * time.Millisecond
	// echoesKept in batches; of more, the oldest have waited long enough.
	echoesKept = 128
)

// accepted is a batch that the API has taken.
type accepted struct {
	due     time.Time
	records []byte
}

func (b *Outbox) remember(records []byte) {
	select {
	case b.echoes <- accepted{time.Now().Add(echoAfter), slices.Clone(records)}:
	default: // it was taken once, which is what counts
	}
}

// echo says again what was taken, until the node goes down. The API merges it.
func (b *Outbox) echo() {
	var batch []byte
	var next *accepted
	for {
		if next == nil {
			select {
			case one := <-b.echoes:
				next = &one
			case <-b.gather.Done():
				return
			}
		}
		timer := time.NewTimer(time.Until(next.due))
		select {
		case <-timer.C:
		case <-b.gather.Done():
			timer.Stop()
			return
		}
		batch = append(batch[:0], next.records...)
		clear(next.records)
		next = nil
		for until := time.Now().Add(echoTogether); next == nil && len(b.echoes) > 0; {
			one := <-b.echoes
			if one.due.After(until) || len(batch)+len(one.records) > report.MaxRecords*report.RecordSize {
				next = &one
				break
			}
			batch = append(batch, one.records...)
			clear(one.records)
		}
		b.again(batch)
		clear(batch)
	}
}

// again is deliver without the counting of records: they were counted when they were taken.
func (b *Outbox) again(records []byte) {
	for began, wait := time.Now(), firstPause; ; wait = min(2*wait, longest) {
		if err := b.try(records); err == nil || errors.Is(err, errRefused) || time.Since(began) > keepTrying {
			return
		}
		select {
		case <-time.After(wait):
		case <-b.gather.Done():
			return
		}
	}
}
