package harden

import "slices"

// maxTries is how often one change is asked for before the browser is believed
// to refuse it. Two of them may be lost to a background that died.
const maxTries = 3

// run is one run of Next: the records as they will be stored, and what to do.
type run struct {
	s       State
	seal    Seal
	lease   *Lease
	do      string
	value   string
	test    bool
	refused *refusal // why a lease was not given
}

// Next decides what to do now. Calling it again with what it stored and with
// the setting as it then is goes on where the last call ended, also when
// nothing of what that call asked for was done.
func Next(s State) Decision {
	r := &run{s: s, do: "none", seal: cleanSeal(s), lease: cleanLease(s.Lease)}
	r.decide()
	r.recheck()
	return r.decision()
}

func (r *run) decide() {
	switch {
	case r.s.Mode == ModeOff:
		r.lease = nil
		r.release()
		return
	case r.s.Trigger == TriggerUndo:
		r.lease = nil
		if r.ours() || r.seal.Phase != "" || r.seal.Want != "" {
			r.seal.Phase = ""
			r.release()
		}
		return
	case r.s.Setting == nil:
		// Nothing is known and nothing can be done. What is under way goes on
		// when the permission is back.
		r.blindLease()
		return
	}
	if r.leases() {
		return
	}
	switch r.seal.Phase {
	case phaseSetting, phaseReturning, phaseClearing:
		r.settle()
	case phaseAsked, phaseTesting, phaseConfirming:
		r.await()
	default:
		r.idle()
	}
}

// The steps of a seal; see Seal.Phase.
const (
	phaseAsked      = "asked"
	phaseSetting    = "setting"
	phaseTesting    = "testing"
	phaseReturning  = "returning"
	phaseConfirming = "confirming"
	phaseClearing   = "clearing"
)

// The results; see Seal.Result.
const (
	resultSealed   = "sealed"
	resultPartly   = "partly"
	resultFailed   = "failed"
	resultConflict = "conflict"
	resultUntested = "untested"
	resultUndone   = "undone"
	resultTaken    = "taken" // by somebody else, while or after we sealed
)

// rank of a policy in this browser.
func (r *run) rank(policy string) int { return rank(r.s.Browser, policy) }

// now is the value in force.
func (r *run) now() string {
	if r.s.Setting == nil {
		return ""
	}
	return r.s.Setting.Value
}

// ours reports whether we are the one who set the value in force.
func (r *run) ours() bool { return r.s.Setting != nil && r.s.Setting.LevelOfControl == byUs }

// foreign reports whether the setting is in somebody else's hands. A level that
// is not known is no invitation.
func (r *run) foreign() bool {
	return r.s.Setting != nil && r.s.Setting.LevelOfControl != byUs && r.s.Setting.LevelOfControl != free
}

// floor is how strict the setting is without us.
func (r *run) floor() int {
	if n := r.rank(r.seal.Found); n >= 0 {
		return n
	}
	return r.rank(Default)
}

// at is the time to write down.
func (r *run) at() int64 { return max(r.s.Now, 0) }

// set asks for a policy; one try of it.
func (r *run) set(policy string) {
	r.do, r.value = "set", policy
	r.seal.Tries++
}

// clear asks for the setting to be given back; one try of it.
func (r *run) clear() {
	r.do = "clear"
	r.seal.Tries++
}

func (r *run) decision() Decision {
	if r.seal.Phase == "" && r.lease == nil {
		r.seal.Retests = 0
	}
	d := Decision{Do: r.do, Value: r.value, Test: r.test, Lease: r.lease, View: r.view()}
	if !r.seal.empty() {
		d.Seal = &r.seal
	}
	if l := r.lease; l != nil && l.Until > 0 && (l.Phase == leaseSetting || l.Phase == leaseActive) {
		d.Alarm = l.Until
	}
	return d
}

// empty reports whether there is nothing to remember.
func (s Seal) empty() bool {
	return s.Phase == "" && s.Want == "" && s.Result == "" && s.Retests == 0 && s.Stale == 0 && s.Failures == 0 &&
		s.Tries == 0 && len(s.Attempts) == 0 && len(s.GaveUp) == 0
}

// union of two lists, the newer first, without doubles and what is empty, bounded.
func union(newer, older []string) []string {
	var out []string
	for _, a := range slices.Concat(newer, older) {
		if a != "" && !slices.Contains(out, a) && len(out) < maxAddresses {
			out = append(out, a)
		}
	}
	return out
}
