package verdict

import (
	"net/netip"
	"slices"

	"watertight/leak/address"
)

// exit is an exit of the evidence, checked.
type exit struct {
	place
	family int
	status string // pending, ok, failed
	reason string
}

func (x exit) ok() bool { return x.status == "ok" }

// readExit checks one exit: an address that is none, or of another family than
// the one asked, is garbage and not an answer.
func readExit(in Exit) exit {
	x := exit{family: in.Family, status: in.Status, reason: in.Reason}
	if in.Status != "ok" {
		if in.Status != "pending" {
			x.status = "failed"
		}
		return x
	}
	a, ok := address.Parse(in.Address)
	family := 6
	if a.Is4() {
		family = 4
	}
	if x.family == 0 {
		x.family = family
	}
	if !ok || x.family != family || address.ClassOf(a) == address.Unspecified {
		x.status, x.reason = "failed", garbage
		return x
	}
	x.addr, x.net = a, in.Network
	return x
}

// readExits keeps one exit for each family, the best there is.
func (j *judgement) readExits() {
	rank := map[string]int{"ok": 2, "pending": 1, "failed": 0}
	for _, in := range j.ev.Exits {
		x := readExit(in)
		merged := false
		for i, old := range j.exits {
			if old.family == x.family {
				merged = true
				if rank[x.status] > rank[old.status] {
					j.exits[i] = x
				}
			}
		}
		if !merged {
			j.exits = append(j.exits, x)
		}
	}
	for i, x := range j.exits { // the network may have been looked up later
		if x.ok() && x.net == nil {
			j.exits[i].net = j.networks[x.addr]
		}
	}
}

// exit gives the exit of a family, nil if nobody asked for it.
func (j *judgement) exit(family int) *exit {
	for i := range j.exits {
		if j.exits[i].family == family {
			return &j.exits[i]
		}
	}
	return nil
}

// good reports whether an exit was asked for and answered.
func (x *exit) good() bool { return x != nil && x.ok() }

// came6 reports whether something other than the exit came over IPv6: a frame
// that loads over nothing else (in Firefox; Chromium may have kept its page), an
// answer of STUN, or an attested path.
func (j *judgement) came6() bool {
	var seen []netip.Addr
	for _, f := range j.gathered.frames {
		if f.Frame == 6 && j.ev.Browser == "firefox" && (f.Status == "complete" || f.Status == "timeout") {
			return true
		}
		seen = append(seen, f.reflexive...)
	}
	for _, p := range j.ev.Paths[:min(len(j.ev.Paths), maxPaths)] {
		if a, ok := address.Parse(p.Address); ok {
			seen = append(seen, a)
		}
	}
	return slices.ContainsFunc(seen, func(a netip.Addr) bool {
		return a.Is6() && address.ClassOf(a) == address.Global
	})
}
