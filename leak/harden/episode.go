package harden

import (
	"slices"

	"watertight/leak/verdict"
)

// An episode begins with a leak and ends with a result. It goes up the ladder
// from the value in force, one rung and one check at a time.

// maxRetests is how many more checks an attempt gets that could not be judged.
const maxRetests = 2

// begin starts an episode, or goes on with one that a check could not judge.
func (r *run) begin(leak []string) {
	s := &r.seal
	if !r.known() {
		return // a value whose place on the ladder is not known
	}
	if !r.ours() {
		s.Found, s.Want = r.now(), ""
	}
	if s.Result != resultUntested || s.Want != r.now() {
		s.Attempts = nil
	}
	s.Attempts = bounded(append(s.Attempts, Attempt{Policy: r.now(), Addresses: leak}))
	s.Result = ""
	r.lease = nil // one that is left to be told of is told of by what comes now
	r.step()
}

// step goes one rung up from the value in force.
func (r *run) step() {
	next := stricter(r.s.Browser, r.now())
	for next != "" && r.rank(next) < r.rank(r.seal.Found) {
		next = stricter(r.s.Browser, next)
	}
	if next == "" {
		r.exhausted()
		return
	}
	r.attempt(next)
}

// attempt begins to change to a policy.
func (r *run) attempt(policy string) {
	r.seal.Phase, r.seal.Want = phaseSetting, policy
	r.seal.Tries, r.seal.Retests, r.seal.Stale = 0, 0, 0
	r.set(policy)
}

// judge looks at the check that a step waited for.
func (r *run) judge() {
	s := &r.seal
	if !r.fresh() {
		r.again(&s.Stale)
		return
	}
	s.Stale = 0
	outcome, leak := r.last()
	switch {
	case s.Phase != phaseTesting && outcome == verdict.Clear:
		s.Phase = ""
		r.judged()
	case s.Phase == phaseConfirming:
		s.Phase = "" // whatever it shows: what there was to try was tried
	case outcome == verdict.Unknown:
		r.again(&s.Retests)
	case s.Phase == phaseAsked:
		s.Phase = ""
		r.begin(leak)
	case outcome == verdict.Clear:
		r.sealed()
	case s.Result != "": // a seal that was put back no longer holds
		s.Phase = ""
		r.judged()
	default:
		s.Attempts = bounded(append(s.Attempts, Attempt{Policy: s.Want, Addresses: leak}))
		r.step()
	}
}

// again asks for one more check, of so many.
func (r *run) again(count *int) {
	if *count < maxRetests {
		*count++
		r.test = true
		return
	}
	if r.seal.Phase == phaseTesting {
		r.end(resultUntested)
		return
	}
	r.seal.Phase = ""
}

// sealed ends an episode well.
func (r *run) sealed() {
	s := &r.seal
	if n := len(s.Attempts); n > 0 && s.Attempts[n-1].Policy == s.Want {
		s.Attempts = s.Attempts[:n-1] // what it showed earlier, when it did not hold
	}
	if len(s.Attempts) == 0 || len(s.Attempts[len(s.Attempts)-1].Addresses) > 0 {
		s.Attempts = bounded(append(s.Attempts, Attempt{Policy: s.Want, Addresses: []string{}}))
	}
	s.Failures = 0
	s.GaveUp = slices.DeleteFunc(s.GaveUp, func(a string) bool {
		return slices.ContainsFunc(s.Attempts, func(t Attempt) bool { return slices.Contains(t.Addresses, a) })
	})
	r.end(resultSealed)
}

func (r *run) end(result string) {
	s := &r.seal
	s.Phase, s.Result, s.At = "", result, r.at()
	s.Tries, s.Retests, s.Stale = 0, 0, 0
}

// exhausted ends an episode that no policy ended well: back to the least strict
// of those under which the fewest addresses leaked.
func (r *run) exhausted() {
	s := &r.seal
	best := 0
	for i, a := range s.Attempts {
		if len(a.Addresses) < len(s.Attempts[best].Addresses) {
			best = i
		}
	}
	result := resultPartly
	if best == 0 {
		result = resultFailed
		if r.s.Verdict.Has(verdict.PolicyOverridden) {
			result = resultConflict
		}
	}
	for _, a := range s.Attempts {
		s.GaveUp = union(a.Addresses, s.GaveUp)
	}
	s.Failures++
	r.end(result)
	policy := s.Attempts[best].Policy
	if s.Want = ""; r.ours() {
		s.Want = r.now()
	}
	switch {
	case policy == r.now():
	case r.rank(policy) <= r.floor():
		s.Phase, s.Want = phaseReturning, ""
		r.clear()
	default:
		s.Phase, s.Want = phaseReturning, policy
		r.set(policy)
	}
}
