package site

import (
	"cmp"
	"slices"

	"watertight/leak/address"
)

// merge puts a report of this site in its entry.
func (e *Entry) merge(r Report, now int64) {
	e.Last = max(e.Last, now)
	v := e.visit(r.ID[:min(len(r.ID), maxID)])
	e.Open[v].Counts = r.Counts
	e.Open[v].Counts.clean()
	for _, x := range cleanSeen(head(r.Seen, maxSeen)) {
		if x.Class != address.Invalid {
			e.see(v, x, now)
		}
	}
	for _, p := range head(r.Parties, maxParties) {
		third := Of(p.Site)
		if p.Site == other {
			third = other
		}
		if p.Counts.Probes > 0 && third != "" && third != e.Site && !slices.Contains(e.By, third) {
			e.By = append(e.By, third)
		}
	}
	e.By = e.By[max(len(e.By)-maxBy, 0):]
}

// visit gives the place of a visit in Open, and closes the oldest if there are too
// many. One without a name can never be told again.
func (e *Entry) visit(id string) int {
	if i := slices.IndexFunc(e.Open, func(v Visit) bool { return v.ID == id && id != "" }); i >= 0 {
		return i
	}
	if len(e.Open) >= maxOpen {
		e.Counts.sum(e.Open[0].Counts)
		count(&e.Visits, 1)
		e.Open = slices.Delete(e.Open, 0, 1)
	}
	e.Open = append(e.Open, Visit{ID: id})
	return len(e.Open) - 1
}

// see notes an address that a visit saw: in its place, in a new one, or in the
// place of the one that was not seen for the longest time.
func (e *Entry) see(visit int, x Seen, now int64) {
	x.First, x.Last, x.Count = min(x.First, now), min(x.Last, now), 0
	i := slices.IndexFunc(e.Seen, func(y Seen) bool { return y.Address == x.Address && y.Site == x.Site })
	switch {
	case i >= 0:
	case len(e.Seen) < maxKept:
		i = len(e.Seen)
		e.Seen = append(e.Seen, x)
	default:
		i = e.stalest()
		if e.Seen[i].Last > x.Last {
			return
		}
		e.Seen[i] = x
		for v := range e.Open {
			e.Open[v].Saw &^= bit(i)
		}
	}
	y := &e.Seen[i]
	earliest(&y.First, x.First)
	y.Last = max(y.Last, x.Last)
	y.Via = stronger(y.Via, x.Via)
	y.Probe = y.Probe || x.Probe
	if v := &e.Open[visit]; v.Saw&bit(i) == 0 {
		v.Saw |= bit(i)
		count(&y.Count, 1)
	}
}

func (e *Entry) stalest() int {
	at := 0
	for i, x := range e.Seen {
		if cmp.Or(cmp.Compare(x.Last, e.Seen[at].Last), cmp.Compare(x.First, e.Seen[at].First)) < 0 {
			at = i
		}
	}
	return at
}

// Total counts all visits of a site.
func (e Entry) Total() (visits int, c Counts) {
	c.sum(e.Counts)
	for _, v := range e.Open {
		c.sum(v.Counts)
	}
	count(&visits, e.Visits)
	count(&visits, len(e.Open))
	return visits, c
}
