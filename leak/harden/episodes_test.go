package harden

import (
	"fmt"
	"slices"
	"testing"
)

// TestUnknownThenKnown holds that an attempt is tested again if a check could
// not tell, at most twice, and that a policy which is not proven stays and is
// proven by a later check.
func TestUnknownThenKnown(t *testing.T) {
	for garbles, want := range []struct {
		view           string
		checks, decide int
	}{{"sealed", 2, 3}, {"sealed", 3, 4}, {"sealed", 4, 5}, {"untested", 4, 5}} {
		w := newWorld(t, "chromium", ModeAuto, nil)
		left := garbles
		w.leak = func(policy string) []string {
			if policy == Default {
				return []string{isp}
			}
			if left--; left >= 0 {
				return garbled
			}
			return nil
		}
		w.run([]event{checkOnce}, false)
		if w.view.State != want.view || w.inForce() != PublicOnly || w.checks != want.checks || w.decisions != want.decide {
			t.Errorf("%d garbled: %s under %s after %d checks and %d decisions, want %+v", garbles, w.view.State, w.inForce(), w.checks, w.decisions, want)
		}
		w.run([]event{checkOnce}, false)
		if w.view.State != "sealed" || !slices.Equal(w.view.Before, []string{isp}) {
			t.Errorf("%d garbled: a later clear check leaves %+v", garbles, w.view)
		}
	}
}

// TestUntestedGoesOn holds that an episode that could not be judged goes on, with
// what it began with, once a check tells that the leak is still there.
func TestUntestedGoesOn(t *testing.T) {
	silent := true
	w := newWorld(t, "chromium", ModeAuto, func(p string) []string {
		switch {
		case p == ProxiedOnly:
			return nil
		case p == PublicOnly && silent:
			return garbled
		}
		return []string{isp}
	})
	w.run([]event{checkOnce, {trigger: TriggerCheck, before: func(*world) { silent = false }}}, false)
	if w.view.State != "sealed" || w.inForce() != ProxiedOnly || !slices.Equal(w.view.Before, []string{isp}) || w.records().Seal.Found != Default {
		t.Errorf("%+v %s", w.view, w.stored)
	}
}

// TestPartly holds that where nothing stops the whole leak, the least strict
// policy with the fewest addresses stays, and that it is not tried again.
func TestPartly(t *testing.T) {
	w := newWorld(t, "firefox", ModeAuto, func(p string) []string {
		if p == Default {
			return []string{isp, home}
		}
		return []string{isp}
	})
	w.run([]event{checkOnce}, false)
	if w.view.State != "partly" || w.inForce() != PublicOnly || !slices.Equal(w.view.After, []string{isp}) {
		t.Fatalf("%s under %s: %+v", w.view.State, w.inForce(), w.view)
	}
	did := len(w.sets)
	w.run([]event{checkOnce, checkOnce}, false)
	if len(w.sets) != did || w.view.State != "partly" {
		t.Errorf("tried again: %q", w.sets)
	}
	w.run([]event{{trigger: TriggerUndo}}, false)
	if w.inForce() != Default {
		t.Errorf("undo leaves %s", w.inForce())
	}
}

// TestNothingHelps holds that a leak which no policy stops is left after one
// episode, that a click tries again, and that the setting is then the user's.
func TestNothingHelps(t *testing.T) {
	for _, overridden := range []bool{false, true} {
		w := newWorld(t, "chromium", ModeAuto, always)
		w.overridden = overridden
		want := map[bool]string{false: "failed", true: "conflict"}[overridden]
		w.run([]event{checkOnce}, false)
		did := fmt.Sprint(w.sets)
		if w.view.State != want || w.own != "" || did != fmt.Sprint([]string{PublicOnly, ProxiedOnly, "clear"}) {
			t.Errorf("%s: did %s", w.view.State, did)
		}
		w.run([]event{checkOnce, {trigger: TriggerStart}, {trigger: TriggerOther}, checkOnce}, false)
		if fmt.Sprint(w.sets) != did || w.view.State != want {
			t.Errorf("tried again: %q, %s", w.sets, w.view.State)
		}
		w.run([]event{{trigger: TriggerSeal}}, false)
		if len(w.sets) != 6 || w.view.State != want || w.own != "" {
			t.Errorf("a click: %q, %s", w.sets, w.view.State)
		}
	}
}

// TestAnotherAddressEachTime holds that episodes are bounded although every
// check shows another address, as behind some providers.
func TestAnotherAddressEachTime(t *testing.T) {
	n := 0
	w := newWorld(t, "firefox", ModeAuto, func(string) []string {
		n++
		return []string{fmt.Sprintf("198.51.100.%d", n)}
	})
	for range 20 {
		w.run([]event{checkOnce}, false)
	}
	if len(w.sets) != maxFailures*4 || w.own != "" {
		t.Errorf("%d changes: %q", len(w.sets), w.sets)
	}
}

// TestGoesFurtherLater holds that a seal which no longer holds in another network
// is made stricter from where it is, and that failing leaves it as it was.
func TestGoesFurtherLater(t *testing.T) {
	w := newWorld(t, "chromium", ModeAuto, until("chromium", PublicOnly))
	w.run([]event{checkOnce}, false)
	w.leak = always
	w.run([]event{checkOnce}, false)
	if w.inForce() != PublicOnly || w.own == "" || w.view.State != "failed" {
		t.Errorf("%s under %s: %q", w.view.State, w.inForce(), w.sets)
	}
	w.leak = func(p string) []string {
		if p == ProxiedOnly {
			return nil
		}
		return []string{home}
	}
	w.run([]event{checkOnce}, false)
	if w.inForce() != ProxiedOnly || w.view.State != "sealed" || w.records().Seal.Found != Default {
		t.Errorf("%s under %s: %s", w.view.State, w.inForce(), w.stored)
	}
}

// TestInTheMiddle changes the world while a check of an episode runs.
func TestInTheMiddle(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*world)
		view   string
		then   func(*world) // and what happens next
		want   string       // in force at the end
		last   string       // and shown
	}{
		"another extension takes it": {func(w *world) { w.above = Default }, "conflict", func(w *world) { w.above = "" }, PublicOnly, "sealed"},
		"an administrator takes it":  {func(w *world) { w.fixed = Default }, "conflict", func(w *world) { w.fixed = "" }, PublicOnly, "sealed"},
		"the permission is taken":    {func(w *world) { w.denied = true }, "grant", func(w *world) { w.denied = false }, PublicOnly, "sealed"},
		"the permission and ours":    {func(w *world) { w.denied, w.own = true, "" }, "grant", func(w *world) { w.denied = false }, PublicOnly, "sealed"},
		"ours is lost":               {func(w *world) { w.own = "" }, "sealed", func(*world) {}, PublicOnly, "sealed"},
		"somebody is stricter":       {func(w *world) { w.own, w.below = "", ProxiedOnly }, "none", func(*world) {}, ProxiedOnly, "none"},
		"the user says off":          {func(w *world) { w.mode = ModeOff }, "off", func(*world) {}, Default, "off"},
	} {
		w := newWorld(t, "chromium", ModeAuto, nil)
		changed := false
		w.leak = func(p string) []string {
			if p != Default {
				if !changed {
					changed = true
					c.change(w)
				}
				return nil
			}
			return []string{isp}
		}
		w.run([]event{checkOnce}, false)
		if w.view.State != c.view {
			t.Errorf("%s: %s, want %s: %s", name, w.view.State, c.view, w.stored)
		}
		c.then(w)
		w.run([]event{{trigger: TriggerOther}, checkOnce}, false)
		if w.inForce() != c.want || w.view.State != c.last {
			t.Errorf("%s: then %s under %s: %s", name, w.view.State, w.inForce(), w.stored)
		}
	}
}
