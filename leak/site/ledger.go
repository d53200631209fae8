package site

import (
	"cmp"
	"slices"
	"strings"
)

// Ledger is what sites saw, over time (storage.local). Pages of private windows
// do not belong in it; that is for the background to see to.
type Ledger struct {
	Version int     `json:"version"` // 1
	Sites   []Entry `json:"sites"`   // by name
}

// Entry is one site.
type Entry struct {
	Site   string `json:"site"`
	First  int64  `json:"first"`
	Last   int64  `json:"last"`
	Choice Choice `json:"choice"`
	// Visits and Counts of visits that are over; Open are those that may still
	// change, the newest last.
	Visits int      `json:"visits"`
	Counts Counts   `json:"counts"`
	Open   []Visit  `json:"open"`
	Seen   []Seen   `json:"seen"`
	By     []string `json:"by"` // third parties whose frames probed in its pages, the newest last
}

// Visit is one document of a site. Merging its report again replaces what it said
// before, so a background that dies between two writes counts nothing twice.
type Visit struct {
	ID     string `json:"id"`
	Counts Counts `json:"counts"`
	Saw    uint32 `json:"saw"` // bits of Entry.Seen
}

// Choice is what the user said about warnings of a site.
type Choice struct {
	Never     bool  `json:"never"`
	Noticed   int64 `json:"noticed"`   // when the notice was shown; 0 not yet
	Dismissed int64 `json:"dismissed"` // when the user waved it away; 0 not yet
}

// Merge puts a report in the ledger. It touches the entry of the report's own
// site, and drops what is too old or too much.
func Merge(l Ledger, r Report, now int64) Ledger {
	l, now = cleanLedger(l), when(now)
	if name := Of(r.Site); name != "" && r.used() {
		i := l.place(name, now)
		l.Sites[i].merge(r, now)
		l.trim(now, name)
		return l
	}
	l.trim(now, "")
	return l
}

// used reports whether there is something to write down: that a script asked
// whether WebRTC exists is nobody's business.
func (r Report) used() bool { return r.Kind != Nothing && r.Kind != Undecided || len(r.Seen) > 0 }

// Choose writes down what the user said about a site.
func Choose(l Ledger, host string, c Choice, now int64) Ledger {
	l, now = cleanLedger(l), when(now)
	if name := Of(host); name != "" {
		e := &l.Sites[l.place(name, now)]
		e.Choice = cleanChoice(c)
		e.Last = max(e.Last, now)
		l.trim(now, name)
	}
	return l
}

// Find gives the entry of a host's site.
func Find(l Ledger, host string) (Entry, bool) {
	name := Of(host)
	i := slices.IndexFunc(l.Sites, func(e Entry) bool { return e.Site == name && name != "" })
	if i < 0 {
		return Entry{}, false
	}
	return cleanEntry(l.Sites[i]), true
}

// Erase forgets a host's site, the user's choice included. To forget all of
// them, begin with an empty Ledger.
func Erase(l Ledger, host string) Ledger {
	l = cleanLedger(l)
	name := Of(host)
	l.Sites = slices.DeleteFunc(l.Sites, func(e Entry) bool { return e.Site == name })
	return l
}

// place gives where a site's entry is, and makes one if there is none.
func (l *Ledger) place(name string, now int64) int {
	i, found := slices.BinarySearchFunc(l.Sites, name, func(e Entry, n string) int { return strings.Compare(e.Site, n) })
	if !found {
		l.Sites = slices.Insert(l.Sites, i, cleanEntry(Entry{Site: name, First: now, Last: now}))
	}
	return i
}

// trim drops what is too old, and then the oldest while there are too many. A
// site that the user does not want to hear of stays: a page that leads through
// hundreds of sites must not bring its warnings back. The site that was just
// written goes only if nothing but such choices is left.
func (l *Ledger) trim(now int64, fresh string) {
	l.Sites = slices.DeleteFunc(l.Sites, func(e Entry) bool {
		return !e.Choice.Never && e.Site != fresh && now-e.Last > maxAge
	})
	rank := func(e Entry) int {
		switch {
		case e.Choice.Never:
			return 2
		case e.Site == fresh:
			return 1
		}
		return 0
	}
	for len(l.Sites) > maxSites {
		oldest := 0
		for i, e := range l.Sites {
			o := l.Sites[oldest]
			if cmp.Or(cmp.Compare(rank(e), rank(o)), cmp.Compare(e.Last, o.Last)) < 0 {
				oldest = i
			}
		}
		l.Sites = slices.Delete(l.Sites, oldest, oldest+1)
	}
}
