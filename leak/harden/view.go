package harden

import (
	"strings"

	"watertight/leak/verdict"
)

// The states of a view; see View.State.
const (
	viewNone     = "none"
	viewOff      = "off"
	viewGrant    = "grant"
	viewOffer    = "offer"
	viewWorking  = "working"
	viewConflict = "conflict"
	viewLease    = "lease"
	viewRestore  = "restoring"
	viewUnsealed = "restore-failed"
)

// What the user can do; see View.Actions.
const (
	actGrant = "grant"
	actSeal  = "seal"
	actUndo  = "undo"
	actLease = "lease"
	actEnd   = "end"
)

// say fills in a view.
func say(state, title string, detail verdict.Text, actions ...string) View {
	return View{State: state, Title: text(title), Detail: detail, Actions: actions}
}

// view shows how things stand after the decision.
func (r *run) view() View {
	v := r.stands()
	if v.Policy == "" {
		v.Policy = r.now()
	}
	if v.State != viewNone && v.State != viewOff {
		v.Cost = cost(r.s.Browser, v.Policy)
	}
	if r.refused != nil {
		v.Title, v.Detail = text(msgLeaseRefused), text(string(*r.refused))
	}
	for _, t := range []*verdict.Text{&v.Title, &v.Detail, &v.Cost} {
		if t.Args == nil {
			t.Args = []string{}
		}
	}
	v.Before, v.After = append([]string{}, v.Before...), append([]string{}, v.After...)
	v.Actions = append([]string{}, v.Actions...)
	return v
}

func (r *run) stands() View {
	outcome, leak := r.last()
	leaking := outcome == verdict.Leak
	switch {
	case r.s.Mode == ModeOff && r.seal.Phase == phaseClearing && r.do == "none" && r.s.Setting != nil:
		return say(viewConflict, msgConflictKept, text(msgConflictNotCleared), actUndo)
	case r.s.Mode == ModeOff:
		if !leaking {
			return say(viewNone, "", text(""))
		}
		return say(viewOff, msgOffTitle, text(msgOffDetail, list(leak)))
	case r.lease != nil:
		return r.viewLease(leak)
	case r.s.Setting == nil && r.seal.Want != "":
		return say(viewGrant, msgGrantTitle, text(msgGrantAgain), actGrant)
	case r.s.Setting == nil && leaking:
		return say(viewGrant, msgGrantTitle, text(msgGrantDetail), actGrant)
	case r.s.Setting == nil:
		return say(viewNone, "", text(""))
	case r.seal.Phase != "":
		return r.viewWorking()
	case r.foreign():
		return r.viewElsewhere(leak)
	}
	return r.viewResult(leak)
}

// viewWorking shows the step under way.
func (r *run) viewWorking() View {
	detail := map[string]string{
		phaseAsked: msgWorkingAsked, phaseSetting: msgWorkingSetting, phaseTesting: msgWorkingTesting,
		phaseReturning: msgWorkingReturning, phaseConfirming: msgWorkingConfirming, phaseClearing: msgWorkingClearing,
	}[r.seal.Phase]
	if r.seal.Phase == phaseClearing && r.do == "none" {
		return say(viewConflict, msgConflictKept, text(msgConflictNotCleared), actUndo)
	}
	v := say(viewWorking, msgWorkingTitle, text(detail))
	v.Before = r.before()
	if r.seal.Phase == phaseSetting {
		v.Policy = r.seal.Want
	}
	return v
}

// viewElsewhere shows who holds the setting. Without a leak that is nobody's
// business, unless it was ours.
func (r *run) viewElsewhere(leak []string) View {
	outcome, _ := r.last()
	if outcome == verdict.Clear && r.fresh() || outcome != verdict.Leak && r.seal.Want == "" {
		return say(viewNone, "", text(""))
	}
	title, detail := msgConflictOther, msgConflictOtherDo
	if r.s.Setting.LevelOfControl != byOther {
		if title, detail = msgConflictManaged, msgConflictManagedChromium; r.s.Browser == "firefox" {
			detail = msgConflictManagedFirefox
		}
	}
	v := say(viewConflict, title, text(detail))
	if r.seal.Want != "" {
		v.Actions = []string{actUndo}
	}
	v.Before = r.before()
	v.After = leak
	return v
}

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
		if v = say(resultSealed, msgSealedTitle, text(msgSealedPlain), actUndo); len(r.before()) > 0 {
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

// before lists what leaked when the episode began.
func (r *run) before() []string {
	if len(r.seal.Attempts) == 0 {
		return nil
	}
	return r.seal.Attempts[0].Addresses
}

// after lists what leaked under the least strict of the best attempts.
func (r *run) after() []string {
	var best []string
	for i, a := range r.seal.Attempts {
		if i == 0 || len(a.Addresses) < len(best) {
			best = a.Addresses
		}
	}
	return best
}

// maxListed is how many addresses a sentence can hold.
const maxListed = 3

// list writes addresses into a sentence. There is always something to read.
func list(addresses []string) string {
	if len(addresses) == 0 {
		return "?"
	}
	if len(addresses) > maxListed {
		return strings.Join(addresses[:maxListed], ", ") + " …"
	}
	return strings.Join(addresses, ", ")
}

func without(list []string, one string) []string {
	var out []string
	for _, s := range list {
		if s != one {
			out = append(out, s)
		}
	}
	return out
}
