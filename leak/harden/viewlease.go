package harden

// viewLease shows a lease, and whether its end went well.
func (r *run) viewLease(leak []string) View {
	l := r.lease
	switch {
	case l.Failed && r.s.Setting == nil:
		return say(viewUnsealed, msgUnsealedTitle, text(msgUnsealedGrant), actGrant)
	case l.Failed && l.Phase == leaseOver:
		v := say(viewUnsealed, msgUnsealedTitle, text(msgUnsealedLeaks, list(leak)), actSeal, actUndo)
		v.After = leak
		return v
	case l.Failed && r.foreign() && r.s.Setting.LevelOfControl == byOther:
		return say(viewUnsealed, msgUnsealedTitle, text(msgUnsealedOther), actEnd, actUndo)
	case l.Failed && r.foreign():
		return say(viewUnsealed, msgUnsealedTitle, text(msgUnsealedManaged), actEnd, actUndo)
	case l.Failed:
		return say(viewUnsealed, msgUnsealedTitle, text(msgUnsealedRefused), actEnd, actUndo)
	case l.Phase == leaseSetting || l.Phase == leaseActive:
		detail := msgLeaseTab
		if l.Until > 0 {
			detail = msgLeaseTime
		}
		v := say(viewLease, msgLeaseTitle, text(detail), actEnd, actUndo)
		v.Title = text(msgLeaseTitle, l.Site)
		if v.Policy = l.Policy; r.rank(v.Policy) < 0 {
			v.Policy = ""
		}
		return v
	case l.Phase == leaseTesting:
		return say(viewRestore, msgRestoringTitle, text(msgRestoringTest))
	}
	return say(viewRestore, msgRestoringTitle, text(msgRestoringSet))
}
