package harden

import (
	"slices"

	"watertight/leak/verdict"
)

// last tells what the last check found of WebRTC, under whatever setting.
func (r *run) last() (verdict.Outcome, []string) {
	if r.s.Verdict == nil {
		return verdict.Unknown, nil
	}
	outcome, addresses := r.s.Verdict.WebRTC()
	return outcome, union(addresses, nil)
}

// fresh reports whether the last check was made under the value now in force.
// Who holds it does not matter for what pages were shown.
func (r *run) fresh() bool {
	return r.s.Tested != nil && r.s.Setting != nil && r.s.Tested.Value == r.s.Setting.Value
}

// same reports whether the last check was made under the very setting that is
// there now: value and hands.
func (r *run) same() bool {
	return r.fresh() && r.s.Tested.LevelOfControl == r.s.Setting.LevelOfControl
}

// leaks reports the leak that the last check found under the value in force.
func (r *run) leaks() ([]string, bool) {
	outcome, addresses := r.last()
	return addresses, outcome == verdict.Leak && r.fresh()
}

// maxFailures is how many episodes in a row may fail before nothing is tried
// any more unless the user asks. GaveUp alone does not bound them: behind some
// providers every check shows another address.
const maxFailures = 3

// may reports whether a leak may be acted on without being asked.
func (r *run) may(leak []string) bool {
	return r.s.Mode == ModeAuto && r.seal.Result != resultUndone && r.seal.Failures < maxFailures && !r.gaveUp(leak)
}

// gaveUp reports whether nothing of this leak is new.
func (r *run) gaveUp(leak []string) bool {
	for _, a := range leak {
		if !slices.Contains(r.seal.GaveUp, a) {
			return false
		}
	}
	return true
}
