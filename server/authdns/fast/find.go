package fast

import (
	"bytes"

	"watertight/server/sightings"
)

type kind uint8

const (
	outside kind = iota
	nothing      // NXDOMAIN
	apex
	own   // another host of the zone
	empty // a token's own name
	probe
)

// node is what stands at a name.
type node struct {
	kind  kind
	host  *host
	zone  int // which label of the query the zone starts with
	token sightings.Token
	label sightings.Label
}

// find reports false for names that belong to a child zone.
func (a *Answerer) find(q *query) (n node, ok bool) {
	n.zone = q.n - a.labels
	if n.zone < 0 || !bytes.Equal(q.from(n.zone), a.zone) {
		return n, true
	}
	if n.zone == 0 {
		n.kind, n.host = apex, a.hosts[""]
		return n, true
	}
	top := q.label(n.zone - 1)
	if a.cuts[string(top)] {
		return n, false
	}
	n.kind = nothing
	if h := a.hosts[string(top)]; h != nil {
		if n.zone == 1 {
			n.kind, n.host = own, h
		}
		return n, true
	}
	if n.zone > 2 {
		return n, true
	}
	t, isToken := sightings.ParseToken(top)
	switch {
	case !isToken:
	case n.zone == 1:
		n.kind, n.token = empty, t
	default:
		if l, isLabel := sightings.ParseLabel(q.label(0)); isLabel {
			n.kind, n.token, n.label = probe, t, l
		}
	}
	return n, true
}
