package harden

import "watertight/leak/verdict"

// anew tries again to put back what could not be put back, when something has
// changed or the user asks.
func (r *run) anew() {
	newRun := r.s.Trigger == TriggerStart && r.lease.Session != r.s.Session
	if newRun || r.s.Trigger == TriggerEnd || r.s.Trigger == TriggerSeal || r.s.Trigger == TriggerOther {
		r.lease.Session = r.s.Session
		r.seal.Tries = min(r.seal.Tries, maxTries-1)
	}
}

// target is what held before the lease.
func (r *run) target() string {
	if r.seal.Want != "" {
		return r.seal.Want
	}
	return r.lease.Restore
}

// restore puts back what held before the lease.
func (r *run) restore() bool {
	l, target := r.lease, r.target()
	switch {
	case r.rank(target) < r.rank(Default):
		r.lease = nil // nothing is known of what to restore
		return false
	case r.foreign(), !r.known() && !r.ours():
		l.Phase, l.Failed = leaseRestoring, true
	case r.rank(r.now()) >= r.rank(target):
		// Put back; or stricter by another hand, which is never loosened.
		l.Phase, l.Failed, r.seal.Tries, r.test = leaseTesting, false, 0, true
	case r.seal.Tries >= maxTries:
		l.Phase, l.Failed = leaseRestoring, true
	default:
		l.Phase = leaseRestoring
		r.set(target)
	}
	return true
}

// proveLease waits for the check after a lease, and judges it.
func (r *run) proveLease() bool {
	if r.foreign() || r.rank(r.now()) < r.rank(r.target()) {
		return r.restore()
	}
	if r.s.Trigger != TriggerCheck {
		switch r.s.Trigger {
		case TriggerTab, TriggerAlarm, TriggerEnd, TriggerLease:
		default:
			r.test = true
		}
		return true
	}
	outcome, leak := r.last()
	switch {
	case !r.fresh() && r.seal.Stale < maxRetests:
		r.seal.Stale++
		r.test = true
	case r.fresh() && outcome == verdict.Unknown && r.seal.Retests < maxRetests:
		r.seal.Retests++
		r.test = true
	case !r.fresh() || outcome == verdict.Unknown:
		r.lease = nil
		r.end(resultUntested)
	case outcome == verdict.Clear || r.may(leak):
		r.lease = nil
		return false // sealed as before, or on to the next rung
	default:
		r.lease.Phase, r.lease.Failed = leaseOver, true
	}
	return true
}

// told forgets a lease that has ended badly, once it is told or no longer true.
func (r *run) told() bool {
	outcome, _ := r.last()
	switch {
	case r.s.Trigger == TriggerEnd, r.s.Trigger == TriggerSeal,
		r.s.Trigger == TriggerCheck && outcome == verdict.Clear && r.fresh():
		r.lease = nil
	}
	return false
}

// blindLease is about a lease without the permission: it can end, but nothing
// can be put back.
func (r *run) blindLease() {
	if r.s.Trigger == TriggerLease {
		r.refuse(refusedHeld)
	}
	l := r.lease
	if l == nil || l.Phase == leaseOver {
		return
	}
	if l.Phase != leaseSetting && l.Phase != leaseActive || r.over() {
		l.Phase, l.Failed = leaseRestoring, true
	}
}
