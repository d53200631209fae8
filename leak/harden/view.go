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
