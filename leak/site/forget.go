package site

import (
	"cmp"
	"slices"
)

// worth ranks what is remembered longest: what still happens before what has
// ended, and whatever excuses others before them.
func worth(c Conn, o opinion) int {
	n := 0
	switch o.kind {
	case Probe:
		n = 1
	case Call, Data, Loopback:
		n = 2
	}
	if c.End == 0 {
		n += 3
	}
	return n
}

// forget turns the connections that matter least into numbers. One that is not
// decided counts as if its document had ended now.
func (s *State) forget() {
	opinions := s.opinions(s.Last)
	order := make([]int, len(s.Conns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(
			cmp.Compare(worth(s.Conns[a], opinions[a]), worth(s.Conns[b], opinions[b])),
			cmp.Compare(s.Conns[a].Last, s.Conns[b].Last),
		)
	})
	gone := make([]bool, len(s.Conns))
	for _, i := range order[:min(len(order), spareConns)] {
		gone[i] = true
		c, o := s.Conns[i], opinions[i]
		if o.kind == Undecided {
			c.End, c.Gone = max(s.Last, 1), true
			o = c.opinion(s.Last)
		}
		p := &s.Past[c.Party]
		p.Counts.add(c, o)
		if o.kind == Probe {
			p.Saw |= c.Saw
			p.Probed = max(p.Probed, c.probed())
		}
	}
	kept := s.Conns[:0]
	for i, c := range s.Conns {
		if !gone[i] {
			kept = append(kept, c)
		}
	}
	clear(s.Conns[len(kept):])
	s.Conns = kept
}

// probed is when a probe had an address first, or 0.
func (c *Conn) probed() int64 {
	if c.Saw == 0 {
		return 0
	}
	return c.First
}
