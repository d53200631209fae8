package site

import (
	"encoding/json"
	"slices"
	"testing"

	"watertight/leak/internal/held"
	"watertight/leak/verdict"
)

// maxState is the most that the state of one tab may take in storage.session,
// which has 10 MB (1 MB in Chromium before 112).
const maxState = 128 << 10

// wellFormed holds what every state, report and warning must have, whatever the
// events.
func wellFormed(t testing.TB, s State, r Report, w Warning) {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) > maxState {
		t.Errorf("the state has %d bytes", len(data))
	}
	if len(s.Conns) > maxConns || len(s.Parties) > maxParties || len(s.Past) != len(s.Parties) ||
		len(s.Seen) > maxSeen || len(s.Servers) > maxServers {
		t.Errorf("a list is too long: %d connections, %d parties, %d addresses, %d servers", len(s.Conns), len(s.Parties), len(s.Seen), len(s.Servers))
	}
	wellReported(t, r)
	if w.Notice && !w.Badge || w.Badge && (r.Counts.Reads == 0 || r.Probed == 0) {
		t.Errorf("warns without ground: %+v %+v", w, r.Counts)
	}
	wellSaid(t, w.Title)
	wellSaid(t, w.Detail)
	for _, l := range w.Seen {
		wellSaid(t, l.Text)
		if !slices.ContainsFunc(r.Seen, func(x Seen) bool { return x.Address == l.Address }) {
			t.Errorf("tells of %q, which nobody saw", l.Address)
		}
	}
}

func wellReported(t testing.TB, r Report) {
	t.Helper()
	if r.Connections == nil || r.Parties == nil || r.Seen == nil || r.Servers == nil {
		t.Error("a list is null")
	}
	switch r.Kind {
	case Nothing, Undecided, Call, Data, Loopback, Probe, Both:
	default:
		t.Errorf("kind %q", r.Kind)
	}
	if r.Alarm != 0 && r.Alarm <= r.At {
		t.Errorf("an alarm at %d, which is past at %d", r.Alarm, r.At)
	}
	if len(r.Parties) == 0 || r.Parties[0].Site != r.Site {
		t.Errorf("the first party is not the page: %+v", r.Parties)
	}
	if n := r.Counts; n.Reads > n.Probes || (n.Reads > 0) != (r.Probed > 0) {
		t.Errorf("counts %+v, probed %d", n, r.Probed)
	}
	for _, c := range r.Connections {
		switch c.Kind {
		case Undecided, Call, Data, Loopback, Probe, Idle:
		default:
			t.Errorf("connection of kind %q", c.Kind)
		}
		wellSaid(t, c.Text)
	}
	for _, x := range r.Seen {
		if !x.Class.IsLocal() && x.Class != "global" && x.Class != "nat64" && x.Class != "6to4" && x.Class != "teredo" || x.Count < 1 || x.Last < x.First {
			t.Errorf("saw %+v", x)
		}
	}
}

func wellSaid(t testing.TB, x verdict.Text) {
	t.Helper()
	held.Said(t, arity, x.ID, x.Args)
}
