package site

import (
	"encoding/json"
	"slices"
	"strings"
)

// UnmarshalJSON reads a ledger, or an empty one.
func (l *Ledger) UnmarshalJSON(data []byte) error {
	type plain Ledger
	if json.Unmarshal(data, (*plain)(l)) != nil {
		*l = Ledger{}
	}
	return nil
}

// UnmarshalJSON reads an entry, or one without a site, which is left out.
func (e *Entry) UnmarshalJSON(data []byte) error {
	type plain Entry
	if json.Unmarshal(data, (*plain)(e)) != nil {
		*e = Entry{}
	}
	return nil
}

// cleanLedger copies a ledger without what cannot be.
func cleanLedger(l Ledger) Ledger {
	out := Ledger{Version: 1, Sites: make([]Entry, 0, len(l.Sites))}
	for _, e := range l.Sites {
		if name := Of(e.Site); name != "" && name == e.Site {
			out.Sites = append(out.Sites, cleanEntry(e))
		}
	}
	slices.SortStableFunc(out.Sites, func(a, b Entry) int { return strings.Compare(a.Site, b.Site) })
	out.Sites = slices.CompactFunc(out.Sites, func(a, b Entry) bool { return a.Site == b.Site })
	return out
}

func cleanEntry(e Entry) Entry {
	e.First, e.Last = when(e.First), when(e.Last)
	e.Choice = cleanChoice(e.Choice)
	count(&e.Visits, 0)
	e.Counts.clean()
	e.Open = append([]Visit{}, head(e.Open, maxOpen)...)
	for i := range e.Open {
		e.Open[i].ID = e.Open[i].ID[:min(len(e.Open[i].ID), maxID)]
		e.Open[i].Counts.clean()
	}
	e.Seen = cleanSeen(head(e.Seen, maxKept))
	by := []string{}
	for _, name := range head(e.By, maxBy) {
		if name == other || Of(name) == name && name != "" {
			by = append(by, name)
		}
	}
	e.By = by
	return e
}

func cleanChoice(c Choice) Choice {
	c.Noticed, c.Dismissed = when(c.Noticed), when(c.Dismissed)
	return c
}
