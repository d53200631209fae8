package verdict

import "watertight/leak/address"

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
