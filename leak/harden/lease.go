package harden

// The steps of a lease; see Lease.Phase.
const (
	leaseSetting   = "setting"
	leaseActive    = "active"
	leaseRestoring = "restoring"
	leaseTesting   = "testing"
	leaseOver      = "over"
)

const (
	// maxLease is the longest lease with a time: who needs it for longer wants undo.
	maxLease = 24 * 60 * 60 * 1000
	// clockSlack is how far a clock may be corrected backwards without ending leases.
	clockSlack = 60 * 1000
	// maxTime is the largest time that JavaScript knows (ECMA-262 §21.4.1.1).
	maxTime = 8_640_000_000_000_000
	// maxSite is the longest host name (RFC 1035 §2.3.4).
	maxSite = 253
)

// refusal says why a lease was not given.
type refusal string

const (
	refusedNothing refusal = msgLeaseNothing
	refusedBusy    refusal = msgLeaseBusy
	refusedHeld    refusal = msgLeaseHeld
	refusedWish    refusal = msgLeaseWish
)

func (r *run) refuse(why refusal) { r.refused = &why }

// leases goes on with a lease. It reports whether one lasts, so that there is
// no sealing now.
func (r *run) leases() bool {
	if r.s.Trigger == TriggerLease {
		r.wish()
	}
	l := r.lease
	if l == nil {
		return false
	}
	if l.Phase == leaseOver {
		return r.told()
	}
	if l.Phase == leaseSetting || l.Phase == leaseActive {
		if r.over() {
			l.Phase, r.seal.Tries, r.seal.Retests, r.seal.Stale = leaseRestoring, 0, 0, 0
		}
	} else if l.Failed {
		r.anew()
	}
	switch l.Phase {
	case leaseSetting:
		return r.relax()
	case leaseActive:
		return r.lasts()
	case leaseTesting:
		return r.proveLease()
	}
	return r.restore()
}

// wish gives a lease, or prolongs the one that lasts.
func (r *run) wish() {
	w, s := r.s.Wish, r.seal
	if w == nil || w.Site == "" || len(w.Site) > maxSite || w.Minutes < 0 || r.s.Now <= 0 || r.s.Now > maxTime-maxLease {
		r.refuse(refusedWish)
		return
	}
	l := Lease{Phase: leaseSetting, Site: w.Site, Tab: w.Tab, Session: r.s.Session, Since: r.s.Now}
	if w.Minutes > 0 {
		l.Until = r.s.Now + min(int64(w.Minutes), maxLease/60_000)*60_000
	}
	switch {
	case r.foreign():
		r.refuse(refusedHeld)
		return
	case r.lease != nil && !r.lease.Failed && r.rank(r.lease.Policy) >= 0:
		l.Policy, l.Restore = r.lease.Policy, r.lease.Restore
	case r.lease != nil && r.lease.Phase != leaseOver, s.Phase != "":
		r.refuse(refusedBusy)
		return
	case s.Want == "" || !r.holds(s.Want) || looser(r.s.Browser, s.Want) == "":
		r.refuse(refusedNothing)
		return
	default:
		l.Policy, l.Restore = looser(r.s.Browser, s.Want), s.Want
		if r.rank(l.Policy) <= r.floor() && s.Found != "" {
			l.Policy = s.Found
		}
	}
	r.seal.Tries, r.seal.Retests, r.seal.Stale = 0, 0, 0
	r.lease = &l
}

// over reports whether the lease has to end. A clock that was set back, or a
// time that no lease can have, ends it too.
func (r *run) over() bool {
	l, s := r.lease, r.s
	sameRun := l.Session == s.Session && s.Session != ""
	switch {
	case s.Trigger == TriggerEnd, s.Trigger == TriggerSeal:
		return true
	case s.Trigger == TriggerTab && s.Tab == l.Tab && sameRun:
		return true
	case l.Until == 0:
		return !sameRun
	}
	return s.Now >= l.Until || l.Until-s.Now > maxLease+clockSlack || s.Now < l.Since-clockSlack || l.Until < 0
}

// relaxed reports whether the lease's policy is in force.
func (r *run) relaxed() bool {
	if r.gives() {
		return !r.ours()
	}
	return r.holds(r.lease.Policy)
}

// gives reports whether the lease gives the setting back: nothing of ours is
// needed for what was found before us.
func (r *run) gives() bool { return r.rank(r.lease.Policy) <= r.floor() }

// lasts goes on with a lease that has begun. A browser that was killed may have
// forgotten the setting or the change of it: then it is looser than the user
// allowed, or too strict for the call.
func (r *run) lasts() bool {
	lost := r.ours() || r.known() && r.rank(r.now()) < r.rank(r.lease.Policy)
	if r.foreign() || r.relaxed() || !lost {
		return true
	}
	r.lease.Phase, r.seal.Tries = leaseSetting, 0
	return r.relax()
}

// relax goes on with a lease that has not begun.
func (r *run) relax() bool {
	switch {
	case r.foreign():
		r.lease = nil
		r.refuse(refusedHeld)
		return false
	case r.relaxed():
		r.lease.Phase, r.seal.Tries = leaseActive, 0
	case r.seal.Tries >= maxTries:
		r.lease.Phase, r.seal.Tries = leaseRestoring, 0
		return r.restore()
	case r.gives():
		r.clear()
	default:
		r.set(r.lease.Policy)
	}
	return true
}
