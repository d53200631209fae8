package sightings

import "time"

// Miss is told of something that was seen elsewhere, lately then, and will never come
// here: nobody knows under which tokens. So it is told to all who follow one now, and for
// a while to all who begin to read one, since they may have asked before that.
func (t *Table) Miss(last time.Time) {
	until := last.Sub(t.epoch) + lostKept // longer than any stream lives
	if t.clock() >= until {
		return // who asked then has gone
	}
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		s.missing = max(s.missing, until)
		for _, followers := range s.subs {
			for _, sub := range followers {
				sub.miss()
			}
		}
		s.mu.Unlock()
	}
}

// miss tells a follower, once.
func (sub *Subscription) miss() {
	if !sub.read.told {
		sub.missed = true
		sub.rouse()
	}
}
