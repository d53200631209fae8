package sightings

import "net/netip"

// maxPaths bounds one token apart from its sightings, so that neither pushes out
// the other: two transports, two families, and a host with four interfaces.
const maxPaths = 16

// Path is a way that the client itself reached us by, proven by an exchange that
// a forged source address could not have completed.
type Path struct {
	Transport Transport
	Address   netip.Addr
}

// News is what is known, or new, under a token.
type News struct {
	Sightings []Sighting
	Paths     []Path
	Full      bool // something was dropped at a bound: the rest is not all there was
}

// Empty reports that there is nothing.
func (n News) Empty() bool { return len(n.Sightings)+len(n.Paths) == 0 && !n.Full }

// RecordPath merges one path into its session and wakes that token's streams.
func (t *Table) RecordPath(k Token, p Path) {
	p.Address = p.Address.Unmap().WithZone("")
	if !p.Address.IsValid() {
		return
	}
	h, now := hash(t.seed, k), t.clock()
	s := t.shardOf(h)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire(now)
	if s.recordPath(k, h, p, now) {
		s.wake(k)
	}
}

func keyOfPath(p Path) key {
	return key{resolver: p.Address.As16(), way: wayOf(p.Address, p.Transport) | isPath}
}

func (e *entry) path() Path {
	return Path{Transport: e.key.transport(), Address: e.key.address()}
}
