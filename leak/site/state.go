// Package site tells from a page's use of WebRTC whether it made a call or only
// read the user's addresses, and keeps for each site what it saw.
//
// Everything is a pure function. Fold adds what was heard to the State of one
// tab's document, Examine makes a Report of it, Warn says whether to tell the
// user, and Merge puts it in the Ledger. Three rules run through the package:
//
//   - The page is hostile. What it says can raise or lower a hint about the site
//     in the address bar, and nothing else: never a verdict, never a word about
//     another site.
//   - Facts first, opinion last. State holds when things happened first, not what
//     they mean, so the order in which frames are heard changes nothing, and an
//     answer that comes late takes a hint back.
//   - Everything ends: lists, numbers and ages are bounded (limits.go).
package site

import "slices"

// State is what is known of one top-level document (storage.session).
type State struct {
	Version int    `json:"version"` // 1
	ID      string `json:"id"`      // names the document among all visits
	Site    string `json:"site"`    // of the top-level document; "" if it has none
	Last    int64  `json:"last"`    // the latest time heard of
	Conns   []Conn `json:"conns"`
	// Parties are the sites of the frames; the first is Site.
	Parties []string `json:"parties"`
	Servers []string `json:"servers"` // "stun:host"
	Seen    []Seen   `json:"seen"`
	Past    []Past   `json:"past"`   // of connections that are forgotten, beside Parties
	Names   int      `json:"names"`  // mDNS names in place of addresses: they say nothing of the user
	Events  int      `json:"events"` // heard
	Misfits int      `json:"misfits"`
}

// Conn is what happened to one connection. Times are the first of their kind, in
// milliseconds since 1970, and 0 for never.
type Conn struct {
	Frame   int64 `json:"frame"`
	Number  int64 `json:"number"`
	Party   int   `json:"party"`
	Made    int64 `json:"made,omitempty"`
	Retired bool  `json:"retired,omitempty"` // its number belongs to a new document
	Born    int64 `json:"born"`
	Last    int64 `json:"last"` // the latest of all
	Local   int64 `json:"local,omitempty"`
	First   int64 `json:"first,omitempty"` // candidate line
	Full    int64 `json:"full,omitempty"`  // gathering complete
	Remote  int64 `json:"remote,omitempty"`
	Try     int64 `json:"try,omitempty"`
	Up      int64 `json:"up,omitempty"`
	Fail    int64 `json:"fail,omitempty"`
	End     int64 `json:"end,omitempty"`
	Gone    bool  `json:"gone,omitempty"` // ended with its document

	Data   bool     `json:"data,omitempty"`
	Source string   `json:"source,omitempty"`
	Own    bool     `json:"own,omitempty"`    // the other end is in this page
	Shared string   `json:"shared,omitempty"` // the best source of both ends then
	Keys   []string `json:"keys,omitempty"`
	Theirs []string `json:"theirs,omitempty"`
	Asked  uint32   `json:"asked,omitempty"` // bits of State.Servers
	Saw    uint32   `json:"saw,omitempty"`   // bits of State.Seen
	Stats  int      `json:"stats,omitempty"`
}

// more is the bit of what had no room in a list.
const more = 1 << 31

// Past counts connections of one party that are no longer remembered.
type Past struct {
	Counts Counts `json:"counts"`
	Saw    uint32 `json:"saw"`    // what its probes saw
	Probed int64  `json:"probed"` // when a probe last began to see
}

// Begin starts the trace of a document. id is unique among visits.
func Begin(id, host string) State {
	return clean(State{ID: id, Site: host})
}

// Step adds one event.
func Step(s State, e Event) State { return Fold(s, []Event{e}) }

// Fold adds events in the order in which they were heard. The state that is
// given stays as it is.
func Fold(s State, events []Event) State {
	s = clean(s)
	for _, e := range events {
		count(&s.Events, 1)
		if !e.fits() {
			count(&s.Misfits, 1)
			continue
		}
		s.Last = max(s.Last, e.At)
		if e.Kind == FrameGone {
			s.gone(e)
			continue
		}
		s.apply(s.conn(e), e)
	}
	return s
}

// gone ends the connections of a frame.
func (s *State) gone(e Event) {
	for i := range s.Conns {
		if c := &s.Conns[i]; c.End == 0 && (e.Frame == 0 || c.Frame == e.Frame) {
			c.End, c.Gone, c.Last = e.At, true, max(c.Last, e.At)
		}
	}
}

// conn finds the connection of an event, or makes room for it. Its first events
// may be lost or late, so every kind may begin one. A number that is made twice
// is of a new document in the same frame.
func (s *State) conn(e Event) *Conn {
	party := s.party(e.Host)
	at := slices.IndexFunc(s.Conns, func(c Conn) bool {
		return c.Frame == e.Frame && c.Number == e.Conn && c.Party == party && !c.Retired
	})
	if at >= 0 {
		c := &s.Conns[at]
		if e.Kind != Construct || c.Made == 0 || c.Made == e.At {
			return c
		}
		c.Retired = true
		if c.End == 0 {
			c.End, c.Gone = e.At, true
		}
	}
	if len(s.Conns) >= maxConns {
		s.forget()
	}
	s.Conns = append(s.Conns, Conn{Frame: e.Frame, Number: e.Conn, Party: party, Born: e.At})
	return &s.Conns[len(s.Conns)-1]
}

// other is the party of all frames for which there is no room.
const other = "*"

// party gives the place of a frame's site. A frame without a host (about:blank,
// srcdoc, data:, blob:) counts as the page's own: whoever made it, the page let it.
func (s *State) party(host string) int {
	name := Of(host)
	if name == "" {
		return 0
	}
	if i := slices.Index(s.Parties, name); i >= 0 {
		return i
	}
	if len(s.Parties) >= maxParties-1 {
		if name = other; len(s.Parties) == maxParties {
			return maxParties - 1
		}
	}
	s.Parties, s.Past = append(s.Parties, name), append(s.Past, Past{})
	return len(s.Parties) - 1
}
