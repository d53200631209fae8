package harden

import "watertight/leak/verdict"

// idle decides when no step is under way.
func (r *run) idle() {
	if r.foreign() {
		r.elsewhere()
		return
	}
	if r.repair() {
		return
	}
	leak, leaking := r.leaks()
	switch r.s.Trigger {
	case TriggerCheck:
		r.checked()
	case TriggerSeal:
		r.clicked()
	case TriggerMode:
		r.seal.Failures = 0
		if r.seal.Result == resultUndone && r.s.Mode == ModeAuto {
			r.seal.Result = ""
		}
		r.look()
	case TriggerOther:
		r.look()
	case TriggerStart, "":
		// A background that died between the check and its decision.
		if leaking && r.may(leak) {
			r.begin(leak)
		}
	}
}

// known reports whether the value in force is one that we know the place of.
func (r *run) known() bool { return r.rank(r.now()) >= 0 }

// look asks for a check if an earlier one found what we would act on now. The
// time that has passed, or the setting that has changed, makes it no proof.
func (r *run) look() {
	if outcome, leak := r.last(); outcome == verdict.Leak && r.may(leak) && r.known() {
		r.test = true
	}
}

// elsewhere is about a setting in somebody else's hands: it is reported, and
// left alone.
func (r *run) elsewhere() {
	switch {
	case r.seal.Want == "":
	case r.s.Trigger == TriggerOther && !r.fresh():
		r.end(resultTaken)
		r.test = true // what shows now is not known
	case r.seal.Result != resultTaken:
		r.end(resultTaken)
	}
}

// recheck asks for another check when the setting changed under the last one, in
// hands that are not ours: neither what it calls clear nor what it does not say of
// those hands is true of what holds now.
func (r *run) recheck() {
	s := &r.seal
	switch {
	case r.s.Trigger != TriggerCheck || !r.foreign() || r.do != "none":
	case r.same():
		s.Stale = 0
	case s.Stale < maxRetests:
		s.Stale++
		r.test = true
	}
}

// repair brings record and setting together. It reports whether there is
// something to do.
func (r *run) repair() bool {
	s := &r.seal
	switch {
	case r.ours() && s.Want == "" && s.Result == "" && r.rank(r.now()) > r.rank(Default):
		// The record is lost, or another version's. What protects stays.
		s.Want, s.Result, s.At = r.now(), resultUntested, r.at()
	case r.ours() && s.Want == "":
		if s.Tries >= maxTries {
			return false
		}
		s.Phase = phaseReturning
		r.clear()
		return true
	case s.Want == "":
	case s.Result == resultTaken && r.rank(r.now()) >= r.rank(s.Want):
		s.Result = resultUntested
		if r.test = true; r.holds(s.Want) {
			s.Phase = phaseTesting
		}
		return true
	case r.now() == s.Want:
	case !r.known() || r.rank(r.now()) > r.rank(s.Want):
		if r.ours() {
			s.Want, s.Result = r.now(), resultUntested
		}
	default:
		// Ours was lost: the user chose a stricter policy than what holds now.
		if s.Result == "" {
			s.Result = resultUntested
		}
		r.attempt(s.Want)
		return true
	}
	return false
}

// checked looks at a check that ended with no step under way.
func (r *run) checked() {
	s := &r.seal
	if !r.fresh() {
		if s.Stale < maxRetests {
			s.Stale++
			r.test = true
		}
		return
	}
	s.Stale = 0
	r.judged()
}

// judged looks at what holds under the value in force.
func (r *run) judged() {
	s := &r.seal
	switch outcome, leak := r.last(); {
	case outcome == verdict.Leak && r.may(leak):
		r.begin(leak)
	case outcome != verdict.Clear:
	case s.Want != "" && r.holds(s.Want):
		if s.Result != resultSealed {
			r.sealed()
		}
	case s.Result == resultFailed || s.Result == resultPartly || s.Result == resultConflict:
		s.Result, s.Attempts = "", nil
	}
}

// clicked seals because the user asks for it: also what was given up.
func (r *run) clicked() {
	s := &r.seal
	if !r.known() {
		return
	}
	s.Failures = 0
	outcome, leak := r.last()
	switch {
	case outcome == verdict.Leak && r.fresh():
		r.begin(leak)
	case outcome == verdict.Clear && r.fresh():
	default:
		s.Phase, s.Retests, s.Stale, r.test = phaseAsked, 0, 0, true
	}
}
