package site

import (
	"slices"

	"watertight/leak/address"
	"watertight/leak/candidate"
)

// apply notes one event of one connection. Only first times are kept, so events
// that come in another order, twice, or after the end leave the same facts.
func (s *State) apply(c *Conn, e Event) {
	earliest(&c.Born, e.At)
	c.Last = max(c.Last, e.At)
	switch e.Kind {
	case Construct:
		earliest(&c.Made, e.At)
	case ICEServers:
		s.servers(c, e.Servers)
	case DataChannel:
		c.Data = true
	case Media:
		c.Source = better(c.Source, e.Source)
		s.pair(c)
	case LocalDesc:
		earliest(&c.Local, e.At)
		c.Keys = withKey(c.Keys, e.Key)
		s.pair(c)
	case RemoteDesc:
		earliest(&c.Remote, e.At)
		c.Theirs = withKey(c.Theirs, e.Key)
		s.pair(c)
	case Candidate:
		s.see(c, e)
	case Connection:
		state(c, e)
	case Gathering:
		if e.State == "complete" {
			earliest(&c.Full, e.At)
		}
	case Stats:
		count(&c.Stats, 1)
	case Close:
		earliest(&c.End, e.At)
	}
}

// state notes a state of ICE or of the whole connection (W3C webrtc:
// RTCIceConnectionState, RTCPeerConnectionState).
func state(c *Conn, e Event) {
	switch e.State {
	case "checking", "connecting":
		earliest(&c.Try, e.At)
	case "connected", "completed":
		earliest(&c.Up, e.At)
	case "failed":
		earliest(&c.Fail, e.At)
	case "closed":
		earliest(&c.End, e.At)
	}
}

// better gives the source that says more for a call.
func better(a, b string) string {
	if sources[b] > sources[a] {
		return b
	}
	return a
}

// withKey adds the key of a description, if it can be one (RFC 8839 §5.4).
func withKey(keys []string, key string) []string {
	key = key[:min(len(key), maxKey)]
	if key == "" || len(keys) >= maxKeys || slices.Contains(keys, key) {
		return keys
	}
	for i := range len(key) {
		c := key[i]
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '+' && c != '/' {
			return keys
		}
	}
	return append(slices.Clip(keys), key) // a State that was given keeps its list
}

// pair finds the other end of a connection among the page's own, itself included:
// some pages hand a connection its own description back.
func (s *State) pair(c *Conn) {
	for i := range s.Conns {
		d := &s.Conns[i]
		if !meet(c.Theirs, d.Keys) && !meet(d.Theirs, c.Keys) {
			continue
		}
		best := better(c.Source, d.Source)
		for _, end := range []*Conn{c, d} {
			end.Own = true
			end.Shared = better(end.Shared, best)
		}
	}
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

// servers notes whom a connection asks.
func (s *State) servers(c *Conn, offered []Server) {
	if len(offered) > maxOffered {
		offered = offered[:maxOffered]
		c.Asked |= more
	}
	for _, o := range offered {
		name, _ := plain(o.Host)
		if name == "" || !serverKinds[o.Kind] {
			continue
		}
		name = o.Kind + ":" + name
		i := slices.Index(s.Servers, name)
		if i < 0 && len(s.Servers) < maxServers {
			i = len(s.Servers)
			s.Servers = append(s.Servers, name)
		}
		c.Asked |= bit(i)
	}
}

func bit(i int) uint32 {
	if i < 0 {
		return more
	}
	return 1 << i
}

// see notes what a candidate line shows to the page.
func (s *State) see(c *Conn, e Event) {
	line, err := candidate.Parse(e.Line)
	if err != nil {
		return
	}
	earliest(&c.First, e.At)
	if line.Name != "" {
		count(&s.Names, 1)
	} else if line.Type != candidate.Relay { // that is the TURN server's own
		c.Saw |= s.look(c.Party, e.At, string(line.Type), line)
	}
	// The address that a server saw, or that an interface has (RFC 8839 §5.1).
	if line.Related.IsValid() {
		line.Addr = line.Related
		c.Saw |= s.look(c.Party, e.At, string(line.Type), line)
	}
}

// look notes an address, and gives its bit, or 0 if it says nothing of the user.
func (s *State) look(party int, at int64, via string, line candidate.Candidate) uint32 {
	class := address.ClassOf(line.Addr)
	if _, public := address.Public(line.Addr); !public && !class.IsLocal() {
		return 0
	}
	name, who := line.Addr.String(), s.Parties[party]
	i := slices.IndexFunc(s.Seen, func(x Seen) bool { return x.Address == name && x.Site == who })
	if i < 0 {
		if len(s.Seen) >= maxSeen {
			return more
		}
		i = len(s.Seen)
		s.Seen = append(s.Seen, Seen{Address: name, Site: who, Class: class, Via: via, First: at})
	}
	x := &s.Seen[i]
	x.Hardware = address.HasHardwareID(line.Addr)
	x.Via = stronger(x.Via, via)
	earliest(&x.First, at)
	x.Last = max(x.Last, at)
	count(&x.Count, 1)
	return bit(i)
}

// strength ranks how an address became known: an interface's own proves most.
var strength = map[string]int{"host": 4, "srflx": 3, "prflx": 2, "relay": 1}

func stronger(a, b string) string {
	if strength[b] > strength[a] {
		return b
	}
	return a
}
