package site

// Counts of connections by kind.
type Counts struct {
	Calls     int `json:"calls"`
	Data      int `json:"data"`
	Loopbacks int `json:"loopbacks"`
	Probes    int `json:"probes"`
	Reads     int `json:"reads"` // probes that saw an address of the user
	Undecided int `json:"undecided"`
	Idle      int `json:"idle"`
}

// add counts one connection.
func (n *Counts) add(c Conn, o opinion) {
	switch o.kind {
	case Call:
		count(&n.Calls, 1)
	case Data:
		count(&n.Data, 1)
	case Loopback:
		count(&n.Loopbacks, 1)
	case Probe:
		count(&n.Probes, 1)
		if c.Saw != 0 {
			count(&n.Reads, 1)
		}
	case Undecided:
		count(&n.Undecided, 1)
	default:
		count(&n.Idle, 1)
	}
}

// sum adds other counts.
func (n *Counts) sum(m Counts) {
	for i, to := range n.all() {
		count(to, *m.all()[i])
	}
}

func (n *Counts) all() []*int {
	return []*int{&n.Calls, &n.Data, &n.Loopbacks, &n.Probes, &n.Reads, &n.Undecided, &n.Idle}
}

// kind puts counts in one word.
func (n Counts) kind() Kind {
	switch {
	case n.Probes > 0 && n.Calls+n.Data > 0:
		return Both
	case n.Probes > 0:
		return Probe
	case n.Calls > 0:
		return Call
	case n.Data > 0:
		return Data
	case n.Loopbacks > 0:
		return Loopback
	case n.Undecided > 0:
		return Undecided
	}
	return Nothing
}

// clean puts counters that were stored back within bounds.
func (n *Counts) clean() {
	for _, v := range n.all() {
		count(v, 0)
	}
}
