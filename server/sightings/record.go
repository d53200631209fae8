package sightings

import "time"

// entry finds or makes what a key stands for; nil when a bound forbids it. A new
// entry has no revision yet. The session is never nil. The youngest entry comes first,
// since a resolver that has asked for one type asks for the other.
func (s *shard) entry(k Token, h uint64, wanted *key, now time.Duration) (*session, *entry) {
	se := s.session(k, h, now)
	if se.tail != 0 {
		if e := s.link(se.tail); e.key.is(wanted) {
			return se, e
		}
	}
	for n := se.head; n != se.tail; {
		e := s.link(n)
		if e.key.is(wanted) {
			return se, e
		}
		n = e.next
	}
	path := wanted.way&isPath != 0
	if path && se.paths >= maxPaths || !path && int(se.count) >= s.limits.entries {
		return se, nil
	}
	n, ok := s.newEntry(se, now)
	if !ok {
		return se, nil
	}
	e := s.link(n)
	e.key = *wanted
	if path {
		se.paths++
	} else {
		se.count++
	}
	if se.tail == 0 {
		se.head = n
	} else {
		s.link(se.tail).next = n
	}
	se.tail = n
	return se, e
}

func (se *session) touch(e *entry) {
	se.revision++
	e.revision = se.revision
}

// overflow notes that something was dropped, and reports whether that is new.
func (se *session) overflow() bool {
	if se.full != 0 {
		return false
	}
	se.revision++
	se.full = se.revision
	return true
}

// record merges an observation and reports whether there is anything new to tell.
func (s *shard) record(o *Observation, h uint64, now time.Duration) bool {
	wanted := keyOf(o)
	se, e := s.entry(o.Token, h, &wanted, now)
	if e == nil {
		return se.overflow()
	}
	if !e.merge(o) && e.revision != 0 {
		return false
	}
	se.touch(e)
	return true
}

// recordPath reports whether there is anything new to tell.
func (s *shard) recordPath(k Token, h uint64, p Path, now time.Duration) bool {
	wanted := keyOfPath(p)
	se, e := s.entry(k, h, &wanted, now)
	if e == nil {
		return se.overflow()
	}
	if e.revision != 0 {
		return false
	}
	se.touch(e)
	return true
}

// mark is how far a reader has read: which session, up to which revision.
type mark struct {
	session  uint64 // number + 1
	revision uint32
	told     bool // that something was lost before it was read
}

// since lists what grew after m, and the new mark. Who has read nothing yet is told
// if there was something that is gone.
func (s *shard) since(k Token, m mark, now time.Duration) (News, mark) {
	var news News
	lost := m.session == 0 && !m.told && (s.lost.has(k, now) || s.heir && now < Kept || now < s.missing)
	news.Full, m.told = lost, m.told || lost
	n, ok := s.lookUp(k, hash(s.index.seed, k))
	if !ok {
		return news, m
	}
	if m.session != n+1 { // evicted and born again: everything is new
		m = mark{session: n + 1, told: m.told}
	}
	se := s.at(n)
	for n := se.head; n != 0; {
		e := s.link(n)
		n = e.next
		switch {
		case e.revision <= m.revision:
		case e.key.way&isPath != 0:
			news.Paths = append(news.Paths, e.path())
		default:
			news.Sightings = append(news.Sightings, e.sighting())
		}
	}
	news.Full = lost || se.full > m.revision
	m.revision = se.revision
	return news, m
}
