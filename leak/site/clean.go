package site

import (
	"encoding/json"
	"slices"

	"watertight/leak/address"
)

// States and ledgers come from a disk, and perhaps from another version. What
// cannot be is left out; what cannot be read counts as none.

// UnmarshalJSON reads a state, or an empty one.
func (s *State) UnmarshalJSON(data []byte) error {
	type plain State
	if json.Unmarshal(data, (*plain)(s)) != nil {
		*s = State{}
	}
	return nil
}

// clean copies a state, so that the one given stays as it is.
func clean(s State) State {
	s.Version = 1
	s.ID, s.Site = s.ID[:min(len(s.ID), maxID)], Of(s.Site)
	s.Last = when(s.Last)
	s.Conns = slices.Clone(head(s.Conns, maxConns))
	s.Servers = append([]string{}, head(s.Servers, maxServers)...)
	s.Seen = append([]Seen{}, head(s.Seen, maxSeen)...)
	s.Parties = append([]string{s.Site}, head(tail(s.Parties), maxParties-1)...)
	past := make([]Past, len(s.Parties))
	copy(past, s.Past)
	s.Past = past
	for _, n := range []*int{&s.Names, &s.Events, &s.Misfits} {
		count(n, 0)
	}
	for i, x := range s.Servers {
		s.Servers[i] = x[:min(len(x), maxHost+len("turns:"))]
	}
	for i, x := range s.Parties {
		s.Parties[i] = x[:min(len(x), maxHost)]
	}
	for i := range s.Past {
		s.Past[i].Counts.clean()
		s.Past[i].Probed = when(s.Past[i].Probed)
	}
	s.Seen = cleanSeen(s.Seen)
	s.Conns = slices.DeleteFunc(s.Conns, func(c Conn) bool { return !c.sane(len(s.Parties)) })
	return s
}

// sane reports whether Fold could have made the connection.
func (c Conn) sane(parties int) bool {
	times := []int64{c.Made, c.Born, c.Last, c.Local, c.First, c.Full, c.Remote, c.Try, c.Up, c.Fail, c.End}
	return c.Party >= 0 && c.Party < parties && c.Stats >= 0 && c.Stats <= maxCount &&
		len(c.Keys) <= maxKeys && len(c.Theirs) <= maxKeys && !slices.ContainsFunc(slices.Concat(c.Keys, c.Theirs), func(k string) bool { return len(k) > maxKey }) &&
		within(c.Frame, 0, maxNumber) && within(c.Number, 0, maxNumber) &&
		!slices.ContainsFunc(times, func(t int64) bool { return !within(t, 0, maxTime) }) &&
		known(c.Source) && known(c.Shared)
}

func known(source string) bool {
	_, ok := sources[source]
	return ok
}

// cleanSeen copies addresses. One that cannot be read stays in its place, where a
// bit speaks of it, and is made invalid.
func cleanSeen(list []Seen) []Seen {
	out := make([]Seen, 0, len(list))
	for _, x := range list {
		a, ok := address.Parse(x.Address)
		if !ok || strength[x.Via] == 0 || len(x.Site) > maxHost {
			x = Seen{Class: address.Invalid}
		} else {
			x.Address, x.Class, x.Hardware = a.String(), address.ClassOf(a), address.HasHardwareID(a)
		}
		x.First, x.Last = when(x.First), when(x.Last)
		count(&x.Count, 0)
		out = append(out, x)
	}
	return out
}

// when gives a time that can be.
func when(t int64) int64 { return min(max(t, 0), maxTime) }

func within(n, least, most int64) bool { return n >= least && n <= most }

// head gives the beginning of a list.
func head[E any](x []E, n int) []E { return x[:min(len(x), n)] }

func tail[E any](x []E) []E { return x[min(len(x), 1):] }
