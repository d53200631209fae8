package harden

import "watertight/leak/verdict"

// viewResult shows how the last episode ended, or that there is one to begin.
func (r *run) viewResult(leak []string) View {
	s := r.seal
	outcome, _ := r.last()
	if r.test && outcome != verdict.Clear && s.Result == "" && r.s.Mode == ModeAuto {
		return say(viewWorking, msgWorkingTitle, text(msgWorkingAsked))
	}
	// A leak that is newer than the result: it was not there when that was sealed.
	if outcome == verdict.Leak && r.fresh() && !r.gaveUp(leak) && s.Result != resultPartly {
		return r.viewOffer(leak)
	}
	var v View
	switch s.Result {
	case resultSealed:
		if outcome != verdict.Clear || !r.fresh() {
			// What was proven then is not known of now.
			v = say(resultUntested, msgUntestedTitle, text(msgUnseenDetail), actUndo)
		} else if v = say(resultSealed, msgSealedTitle, text(msgSealedPlain), actUndo); len(r.before()) > 0 {
			v.Detail = text(msgSealedDetail, list(r.before()))
		}
	case resultUntested:
		v = say(resultUntested, msgUntestedTitle, text(msgUntestedDetail), actUndo)
	case resultPartly:
		v = say(resultPartly, msgPartlyTitle, text(msgPartlyDetail, list(r.before()), list(r.after())), actSeal, actUndo)
		v.After = r.after()
	case resultFailed:
		v = r.viewFailed()
	case resultConflict:
		v = r.viewConflict(leak)
	default:
		if outcome != verdict.Leak {
			return say(viewNone, "", text(""))
		}
		if r.gaveUp(leak) {
			return r.viewFailed()
		}
		return r.viewOffer(leak)
	}
	v.Before = r.before()
	if s.Want == "" {
		v.Actions = without(v.Actions, actUndo)
	} else if v.State != resultFailed && r.holds(s.Want) && looser(r.s.Browser, s.Want) != "" {
		v.Actions = append(v.Actions, actLease)
	}
	return v
}

// viewOffer offers to seal, or to go one step further.
func (r *run) viewOffer(leak []string) View {
	next := stricter(r.s.Browser, r.now())
	if !r.known() {
		return say(viewConflict, msgConflictKept, text(msgConflictUnknown))
	}
	if next == "" {
		return r.viewFailed()
	}
	v := say(viewOffer, msgOfferTitle, text(msgOfferDetail, list(leak)), actSeal)
	if r.seal.Result == resultUndone {
		v.Title, v.Detail = text(msgUndoneTitle), text(msgUndoneDetail, list(leak))
	}
	if r.seal.Want != "" {
		v.Actions = append(v.Actions, actUndo)
	}
	v.Policy, v.Before = next, leak
	return v
}

func (r *run) viewFailed() View {
	detail := msgFailedBack
	if r.seal.Want != "" || r.rank(r.now()) > r.rank(Default) {
		detail = msgFailedKept
	}
	_, leak := r.last()
	shown := r.after()
	if len(shown) == 0 {
		shown = leak
	}
	v := say(resultFailed, msgFailedTitle, text(detail, list(shown)), actSeal)
	if r.seal.Want != "" {
		v.Actions = append(v.Actions, actUndo)
	}
	v.Before, v.After = r.before(), shown
	return v
}

// viewConflict shows that the setting was not kept, or did nothing.
func (r *run) viewConflict(leak []string) View {
	n := len(r.seal.Attempts)
	if n > 1 {
		v := say(viewConflict, msgConflictBehaviour, text(msgConflictBehaviourDo, list(r.after())), actSeal)
		v.After = r.after()
		return v
	}
	v := say(viewConflict, msgConflictKept, text(msgConflictKeptDo), actSeal)
	v.After = leak
	return v
}
