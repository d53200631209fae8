package verdict

import "strings"

// Recording is what becomes of a check that the user says is of their own
// connection: a Home to keep, or the reason why the check is no good for that.
type Recording struct {
	Home Home `json:"home"`
	// Warning is nil, or says why this may not be the user's own connection.
	Warning *Text `json:"warning"`
}

// Record makes a recorded connection of a check. Everything that is proven later
// rests on it, so a check that is not finished, or that misses an exit, its
// network or a resolver, is refused with the reason. WebRTC is not needed for it.
// Only prefix, AS number and organisation are kept, and no address.
func Record(ev Evidence, name string) (Recording, *Text) {
	ev.Baseline, ev.History = nil, nil // what was recorded before decides nothing
	j := judge(ev)
	v := j.verdict()
	refuse := func(id string) (Recording, *Text) {
		t := text(id)
		return Recording{}, &t
	}
	missing := map[string]bool{}
	for _, u := range v.Unknowns {
		// A companion of one family still records that family truly.
		missing[u.Row] = missing[u.Row] || u.Reason.ID != msgUnknownExitUntested
	}
	exits, known := j.exitNetworks()
	resolvers, named := networksOf(j.main)
	switch {
	case !ev.Final:
		return refuse(msgBaselineUnfinished)
	case !j.publicExit(), missing[rowExit] && known:
		return refuse(msgBaselineExit)
	case !known:
		return refuse(msgBaselineNetwork)
	case missing[rowDNS], !named, len(resolvers) == 0:
		return refuse(msgBaselineDNS)
	}
	r := Recording{Home: Home{Name: strings.TrimSpace(name), Exits: exits, Resolvers: resolvers}}
	if j.bypass || j.has(WebRTCPublicIP) || j.has(DNSISPResolver) || j.rentedExit() {
		// That looks as if the VPN were on. But a home may have IPv6 or DNS from
		// another company, so the user decides.
		t := text(msgBaselineVPN, j.exitName())
		r.Warning = &t
	}
	return r, nil
}

// rentedExit reports whether an exit stands where VPN companies have theirs.
func (j *judgement) rentedExit() bool {
	for _, x := range j.exits {
		if x.ok() && x.rented() {
			return true
		}
	}
	return false
}

// exitNetworks lists the networks of the exits. The second result is false if
// one of them is not known.
func (j *judgement) exitNetworks() ([]Network, bool) {
	var out []Network
	for _, x := range j.exits {
		if !x.ok() {
			continue
		}
		if !x.known() {
			return nil, false
		}
		out = addNetwork(out, x.facts())
	}
	return out, true
}

// networksOf lists the networks of resolvers; false if one is not known.
func networksOf(list []*resolver) ([]Network, bool) {
	var out []Network
	for _, r := range list {
		if !r.known() {
			return nil, false
		}
		out = addNetwork(out, r.facts())
	}
	return out, true
}

// addNetwork adds what a network is recognised by, once.
func addNetwork(list []Network, n Network) []Network {
	n = Network{Prefix: n.Prefix, ASN: n.ASN, Org: n.Org}
	for _, old := range list {
		if old == n {
			return list
		}
	}
	return append(list, n)
}
