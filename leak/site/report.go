package site

import (
	"cmp"
	"slices"

	"watertight/leak/address"
	"watertight/leak/verdict"
)

// Report is what a page did with WebRTC, so far.
type Report struct {
	Version int    `json:"version"`
	ID      string `json:"id"`
	Site    string `json:"site"`
	Kind    Kind   `json:"kind"`
	At      int64  `json:"at"` // the moment that it speaks of
	// Connections that are remembered one by one, the first made first.
	Connections []Judged `json:"connections"`
	Counts      Counts   `json:"counts"`  // of all connections
	Parties     []Party  `json:"parties"` // whose frames they were in; the page's own first
	Seen        []Seen   `json:"seen"`
	Names       int      `json:"names"`
	More        bool     `json:"more"`    // the page saw more addresses than are listed
	Servers     []string `json:"servers"` // that were asked, as "stun:host"
	// Probed is when a probe last began to see an address; 0 if none did.
	Probed int64 `json:"probed"`
	// Alarm is when time alone will change this report; 0 never.
	Alarm int64 `json:"alarm"`
}

// Judged is one connection.
type Judged struct {
	Frame   int64        `json:"frame"`
	Number  int64        `json:"number"`
	Site    string       `json:"site"`
	Kind    Kind         `json:"kind"`
	Why     Why          `json:"why"`
	Text    verdict.Text `json:"text"` // what Why means
	Born    int64        `json:"born"`
	Last    int64        `json:"last"`
	Address bool         `json:"address"` // the page saw an address of the user through it
	Stats   int          `json:"stats"`
}

// Party is one site whose frames used WebRTC in the page.
type Party struct {
	Site   string `json:"site"` // "*" for all for whom there was no room
	Counts Counts `json:"counts"`
}

// Seen is one address that reached a script.
type Seen struct {
	Address  string        `json:"address"`
	Site     string        `json:"site"` // whose script; "" where the page has no site
	Class    address.Class `json:"class"`
	Via      string        `json:"via"`      // host, srflx, prflx, relay
	Hardware bool          `json:"hardware"` // holds a MAC address
	Probe    bool          `json:"probe"`    // a probe saw it
	First    int64         `json:"first"`
	Last     int64         `json:"last"`
	// Count says how often: lines in a report, visits in the ledger.
	Count int `json:"count"`
}

// Judge judges a whole trace at once.
func Judge(id, host string, events []Event, now int64) Report {
	return Examine(Fold(Begin(id, host), events), now)
}

// Examine says what is to be made of a state at a moment.
func Examine(s State, now int64) Report {
	s = clean(s)
	now = min(max(now, s.Last), maxTime)
	r := Report{Version: 1, ID: s.ID, Site: s.Site, At: now, Names: s.Names, Connections: []Judged{}}
	var saw, probed uint32
	parties := make([]Party, len(s.Parties))
	for i, p := range s.Past {
		parties[i] = Party{Site: s.Parties[i], Counts: p.Counts}
		probed |= p.Saw
		r.Probed = max(r.Probed, p.Probed)
	}
	for i, o := range s.opinions(now) {
		c := s.Conns[i]
		parties[c.Party].Counts.add(c, o)
		saw |= c.Saw
		if o.kind == Probe {
			probed |= c.Saw
			r.Probed = max(r.Probed, c.probed())
		}
		earliest(&r.Alarm, o.due)
		r.Connections = append(r.Connections, Judged{
			Frame: c.Frame, Number: c.Number, Site: s.Parties[c.Party], Kind: o.kind, Why: o.why,
			Text: text(whyTexts[o.why]), Born: c.Born, Last: c.Last, Address: c.Saw != 0, Stats: c.Stats,
		})
	}
	for _, p := range parties {
		r.Counts.sum(p.Counts)
	}
	r.Kind = r.Counts.kind()
	r.More = (saw|probed)&more != 0
	r.Parties, r.Servers, r.Seen = parties, s.Servers, s.Seen
	for i := range r.Seen {
		r.Seen[i].Probe = probed&bit(i) != 0
	}
	r.Seen = slices.DeleteFunc(r.Seen, func(x Seen) bool { return x.Class == address.Invalid })
	r.order()
	return r
}

// order makes a report the same in whatever order frames were heard.
func (r *Report) order() {
	slices.SortStableFunc(r.Connections, func(a, b Judged) int {
		return cmp.Or(cmp.Compare(a.Born, b.Born), cmp.Compare(a.Frame, b.Frame), cmp.Compare(a.Number, b.Number))
	})
	slices.SortFunc(r.Parties[1:], func(a, b Party) int { return cmp.Compare(a.Site, b.Site) })
	slices.SortFunc(r.Seen, func(a, b Seen) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Site, b.Site))
	})
	slices.Sort(r.Servers)
}
