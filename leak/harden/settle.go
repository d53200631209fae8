package harden

// settle compares what was read back with what a step wanted, and goes on.
func (r *run) settle() {
	s := &r.seal
	switch {
	case r.foreign():
		r.lost()
	case s.Phase == phaseClearing:
		r.release()
	case r.holds(s.Want):
		r.arrived()
	case s.Phase == phaseSetting && !r.ours() && r.rank(r.now()) < 0:
		r.lost() // a value that we do not know may be stricter
	case s.Phase == phaseSetting && !r.ours() && r.rank(r.now()) > r.rank(s.Want):
		// Somebody made it stricter meanwhile: what leaks under that is not known.
		r.seal = Seal{Phase: phaseAsked, GaveUp: s.GaveUp, Failures: s.Failures}
		r.test = true
	case s.Phase == phaseSetting && r.rank(r.now()) > r.rank(s.Want):
		s.Want = r.now() // ours, and stricter than the record says
		r.arrived()
	case s.Tries >= maxTries:
		r.notKept()
	case s.Want == "":
		r.clear()
	default:
		r.set(s.Want)
	}
}

// holds reports whether a policy is in force and ours; for "", that nothing of
// ours is.
func (r *run) holds(policy string) bool {
	if policy == "" {
		return !r.ours()
	}
	return r.ours() && r.now() == policy
}

// arrived goes on after a change that was made.
func (r *run) arrived() {
	s := &r.seal
	s.Tries = 0
	switch {
	case s.Phase == phaseSetting:
		s.Phase, r.test = phaseTesting, true
	case s.Result == resultFailed || s.Result == resultPartly:
		// The last check was made under another policy. What contradicts the
		// setting is better seen there than under the value that was put back.
		s.Phase, r.test = phaseConfirming, true
	default:
		s.Phase = ""
	}
}

// lost ends a step because the setting is in somebody else's hands. What we
// wanted is remembered, for the case that it falls back to us.
func (r *run) lost() {
	s := &r.seal
	switch s.Phase {
	case phaseClearing:
		r.release()
		return
	case phaseAsked, phaseReturning, phaseConfirming:
		s.Phase = ""
		return
	}
	r.end(resultTaken)
}

// notKept ends a step whose change the browser did not make.
func (r *run) notKept() {
	s := &r.seal
	tried := s.Phase == phaseSetting
	s.Phase = ""
	if s.Want = ""; r.ours() {
		s.Want = r.now()
	}
	if !tried {
		return // the result stands, and Tries says that no more is tried
	}
	for _, a := range s.Attempts {
		s.GaveUp = union(a.Addresses, s.GaveUp)
	}
	s.Failures++
	r.end(resultConflict)
}

// release gives the setting back to whoever had it before us.
func (r *run) release() {
	s := &r.seal
	if s.Phase == phaseConfirming && r.s.Mode == ModeOff && !r.ours() {
		r.await() // given back already; the check after that is on its way
		return
	}
	mayBeOurs := s.Want != "" || s.Phase != ""
	if s.Phase != phaseClearing {
		s.Tries = 0
	}
	s.Phase, s.Want = phaseClearing, ""
	switch {
	case r.s.Setting == nil:
		if !mayBeOurs {
			r.seal = Seal{}
		}
	case !r.ours():
		// Given back, or never ours. What another extension holds above ours
		// hides ours; it is cleared when it comes to light.
		r.released(s.Tries > 0 || mayBeOurs && !r.fresh())
	case s.Tries < maxTries || r.s.Trigger == TriggerMode:
		r.clear()
	}
}

// released ends a release. What the last check found held under our policy, so
// it is made again.
func (r *run) released(test bool) {
	left := Seal{}
	if r.s.Mode != ModeOff {
		left = Seal{Result: resultUndone, Attempts: r.seal.Attempts[:min(len(r.seal.Attempts), 1)], Found: r.seal.Found, At: r.at()}
	}
	if test && !r.foreign() {
		left.Phase, r.test = phaseConfirming, true
	}
	r.seal = left
}

// await goes on with a step that waits for a check.
func (r *run) await() {
	s := &r.seal
	switch {
	case r.foreign():
		r.lost()
	case s.Phase == phaseTesting && !r.holds(s.Want):
		s.Phase = phaseSetting // it was lost on the way
		r.settle()
	case r.s.Trigger == TriggerCheck:
		r.judge()
	case r.s.Trigger == TriggerTab, r.s.Trigger == TriggerAlarm, r.s.Trigger == TriggerEnd, r.s.Trigger == TriggerLease:
	default:
		r.test = true
	}
}
