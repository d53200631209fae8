package fast

import (
	"bytes"
	"slices"

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
	referral // to the child zone
)

// node is what stands at a name.
type node struct {
	kind  kind
	host  *host
	zone  int  // which label of the query the zone starts with
	child bool // that zone is the child
	token sightings.Token
	label sightings.Label
}

// find reports false for what is not known here.
func (a *Answerer) find(q *query, is4 bool) (n node, ok bool) {
	n.zone = q.n - a.labels
	if n.zone < 0 {
		return n, true
	}
	at := int(q.labels[n.zone])
	if bytes.Equal(q.packet[at:q.end-4], a.zone) {
		q.zone = at
	} else if !bytes.Equal(q.from(n.zone), a.zone) {
		return n, true
	}
	if n.zone == 0 {
		n.kind, n.host = apex, a.hosts[""]
		return n, !slices.Contains(a.Types, q.qtype)
	}
	top := q.label(n.zone - 1)
	if a.lengths>>len(top)&1 == 0 { // no name of ours
		n.kind = nothing
		below(q, &n)
		return n, true
	}
	switch {
	case a.cuts[string(top)]:
		return n, false
	case a.Six != nil && string(top) == a.Six.Label:
		a.cut(q, &n, is4)
		return n, true
	}
	n.kind = nothing
	if h := a.hosts[string(top)]; h != nil {
		if n.zone == 1 {
			n.kind, n.host = own, h
		}
		return n, true
	}
	below(q, &n)
	return n, true
}

// cut is the name of the child zone and all below. DS at the cut is a question to
// the parent, which has a name there and no data (RFC 4035 §3.1.4.1).
func (a *Answerer) cut(q *query, n *node, is4 bool) {
	if n.zone == 1 && q.qtype == typeDS {
		n.kind = own
		return
	}
	n.zone--
	n.child = true
	switch {
	case is4:
		n.kind = referral
	case n.zone == 0:
		n.kind = apex
	default:
		n.kind = nothing
		below(q, n)
	}
}

// below reads what stands before the name of a zone with probes.
func below(q *query, n *node) {
	if n.zone > 2 {
		return
	}
	t, isToken := sightings.ParseToken(q.label(n.zone - 1))
	switch {
	case !isToken:
	case n.zone == 1:
		n.kind, n.token = empty, t
	default:
		if l, isLabel := sightings.ParseLabel(q.label(0)); isLabel {
			n.kind, n.token, n.label = probe, t, l
		}
	}
}
