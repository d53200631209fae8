// Package check looks at a companion the way the Internet does: from the root of
// the DNS down to the clock. What one machine cannot see it says so, and never
// calls it well.
package check

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/netip"
	"time"
)

// State of one thing.
type State int

// States.
const (
	OK State = iota
	Wrong
	Unknown // cannot be known from here
)

func (s State) String() string { return [...]string{"ok", "wrong", "cannot be known from here"}[s] }

// Line is one thing that was looked at. What is wrong has a mend, and what cannot
// be known says how it could be.
type Line struct {
	State State
	What  string
	Found string
	Mend  string
}

func (l Line) String() string {
	s := fmt.Sprintf("%s: %s: %s", l.State, l.What, l.Found)
	if l.Mend != "" {
		s += "\n    → " + l.Mend
	}
	return s
}

// Config says what ought to be there.
type Config struct {
	Zone       string // lower case, without a final dot
	IPv4, IPv6 netip.Addr
	Servers    [][]netip.Addr // of ns1, ns2 and so on
	Web        []netip.Addr   // of the API

	// Ports; 0 is a service that is not offered.
	DNS, STUN, TURN, HTTP uint16
	// Nodes: what is not offered here is what they are for.
	Nodes bool

	Roots     []netip.Addr // where the search for the delegation begins
	Port      uint16       // of all other name servers: 53
	Resolver  netip.AddrPort
	Authority *x509.CertPool // whom to believe about certificates; nil is the system's list
	Now       func() time.Time
	// Here reports whether an address is one of this machine's.
	Here func(netip.Addr) bool
	// Clock reports whether something keeps this machine's clock right.
	Clock func() (kept, known bool)
}

// run is one check.
type run struct {
	Config
	ctx  context.Context //nolint:containedctx // lives as long as the check
	tell func(Line)
	// delegated and serving (here, or at nodes): what follows from them cannot be blamed on
	// others.
	delegated, serving bool
}

// Run tells what it finds, line by line, and whether anything is wrong.
func Run(ctx context.Context, c Config, tell func(Line)) (wrong bool) {
	r := &run{Config: c, ctx: ctx}
	r.tell = func(l Line) {
		wrong = wrong || l.State == Wrong
		tell(l)
	}
	r.delegation()
	r.names()
	r.bindings()
	r.web()
	r.outside()
	r.families()
	r.clock()
	return wrong
}

func (r *run) ok(what, found string, args ...any) {
	r.tell(Line{OK, what, fmt.Sprintf(found, args...), ""})
}

func (r *run) wrong(mend, what, found string, args ...any) {
	r.tell(Line{Wrong, what, fmt.Sprintf(found, args...), mend})
}

func (r *run) unknown(mend, what, found string, args ...any) {
	r.tell(Line{Unknown, what, fmt.Sprintf(found, args...), mend})
}

// addresses are those that the zone publishes.
func (r *run) addresses() (list []netip.Addr) {
	for _, a := range []netip.Addr{r.IPv4, r.IPv6} {
		if a.IsValid() {
			list = append(list, a)
		}
	}
	return list
}

// absent tells of a service that is switched off.
func (r *run) absent(what, flag string) {
	if r.Nodes {
		r.unknown("run this check on each node, with the flags of that node", what, "that is for the nodes, this server has none")
		return
	}
	r.wrong("give the server --"+flag, what, "the server is told not to offer it")
}

const elsewhere = "run this check on a machine elsewhere, with the same flags"

// reached tells that a port answers. Packets from a machine to itself pass no
// firewall, so from here that proves only half.
func (r *run) reached(at netip.AddrPort, what string) {
	if r.Here(at.Addr()) {
		r.unknown(elsewhere, what, "answers on this machine; whether a firewall lets others in")
		return
	}
	r.ok(what, "answers")
}

// silent tells that a port does not answer, which has another mend here than elsewhere.
func (r *run) silent(at netip.AddrPort, flag, protocol, what string, err error) {
	if r.Here(at.Addr()) {
		r.wrong(fmt.Sprintf("start the server with --%s %s, and see what it prints", flag, at), what, "no answer, though this is the machine: %v", err)
		return
	}
	r.wrong(fmt.Sprintf("open port %d/%s for %s in every firewall before it (the provider's as well), and see that the server runs; "+
		"if this is the very machine, behind a NAT that does not turn packets back, run this elsewhere", at.Port(), protocol, at.Addr()), what, "no answer: %v", err)
}
