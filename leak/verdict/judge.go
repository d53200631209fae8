package verdict

import (
	"maps"
	"net/netip"
	"slices"

	"watertight/leak/address"
)

// evidenceVersion is the shape of Evidence and Verdict that this code speaks.
const evidenceVersion = 1

// maxWants is how many addresses the companion looks up in one request.
const maxWants = 16

// judgement is one run of Judge.
type judgement struct {
	ev       Evidence
	networks map[netip.Addr]*Network // answers of the companion, nil ones too
	exits    []exit
	off      bool // the exit is the user's own connection
	bypass   bool // the IPv6 exit goes past the VPN, and excuses nothing
	rows     map[string]*rowState
	findings []Finding
	wants    []string
	wanted   map[netip.Addr]bool
	main     []*resolver     // the resolvers that answer
	sighted  map[string]bool // labels that some resolver asked for
	gathered gathered
	// the name that the headline of a clear verdict needs
	resolverName string
}

// rowState collects what is to be said about one row.
type rowState struct {
	id       string
	pending  bool
	unknowns []Text
	facts    []Fact
	calm     Text // the headline if the row turns out clear
}

// Judge turns evidence into a verdict.
func Judge(ev Evidence) Verdict { return judge(ev).verdict() }

func judge(ev Evidence) *judgement {
	j := &judgement{ev: ev, networks: map[netip.Addr]*Network{}, wanted: map[netip.Addr]bool{}, sighted: map[string]bool{}}
	j.rows = map[string]*rowState{rowExit: {id: rowExit}, rowDNS: {id: rowDNS}, rowWebRTC: {id: rowWebRTC}}
	// In order, because two spellings of one address may disagree.
	for _, s := range slices.Sorted(maps.Keys(ev.Networks)) {
		if a, ok := address.Parse(s); ok {
			j.networks[a] = ev.Networks[s]
		}
	}
	for _, p := range ev.Paths {
		if a, ok := address.Parse(p.Address); ok && p.Network != nil && j.networks[a] == nil {
			j.networks[a] = p.Network
		}
	}
	j.readExits()
	j.gathered = gather(ev.ICE, !j.publicExit())
	j.judgeExits()
	j.judgeDNS()
	j.judgeWebRTC()
	j.judgePolicy()
	j.exitHint()
	return j
}

// network finds the network of an address. The second result is false while
// nobody has looked it up; the address is then put on the list of wants.
func (j *judgement) network(a netip.Addr) (*Network, bool) {
	for _, x := range j.exits {
		if x.ok() && x.addr == a {
			return x.net, true // nil if the companion does not know
		}
	}
	if n, asked := j.networks[a]; asked {
		return n, true
	}
	if address.ClassOf(a) == address.Global && !j.wanted[a] && len(j.wants) < maxWants {
		j.wanted[a] = true
		j.wants = append(j.wants, a.String())
	}
	return nil, false
}

// likeExit compares a place with every exit that may excuse it.
func (j *judgement) likeExit(p place) sameness {
	best := different
	any := false
	for _, x := range j.exits {
		if !x.ok() || (j.bypass && x.family == 6) {
			continue
		}
		any = true
		switch compare(p, x.place) {
		case same:
			return same
		case cannotTell:
			best = cannotTell
		}
	}
	if !any {
		return cannotTell
	}
	return best
}

// find adds a finding.
func (j *judgement) find(f Finding) { j.findings = append(j.findings, f) }

// has reports whether a finding was made.
func (j *judgement) has(id string) bool {
	for _, f := range j.findings {
		if f.ID == id {
			return true
		}
	}
	return false
}

// unknown notes why a row cannot be judged, once for each reason.
func (j *judgement) unknown(row string, reason Text) {
	r := j.rows[row]
	for _, u := range r.unknowns {
		if u.ID == reason.ID {
			return
		}
	}
	r.unknowns = append(r.unknowns, reason)
}

// wait notes that a row lacks something that may still come.
func (j *judgement) wait(row string) { j.rows[row].pending = true }

// fact adds something that was seen to a row.
func (j *judgement) fact(row string, f Fact) {
	j.rows[row].facts = append(j.rows[row].facts, f)
}
