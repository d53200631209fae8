package harden

import "testing"

func sealedWorld(t *testing.T, rung string) *world {
	w := newWorld(t, "chromium", ModeAuto, until("chromium", rung))
	w.run([]event{checkOnce}, false)
	if w.view.State != "sealed" || w.inForce() != rung {
		t.Fatalf("%s under %s", w.view.State, w.inForce())
	}
	return w
}

// TestLeaseEnds holds what ends a lease, and what does not.
func TestLeaseEnds(t *testing.T) {
	later := func(minutes int64) func(*world) { return func(w *world) { w.now += minutes * 60_000 } }
	restart := func(w *world) { w.session, w.verdict, w.tested = "two", nil, nil }
	for name, c := range map[string]struct {
		lease, event event
		lasts        bool
	}{
		"before its time":          {call, event{trigger: TriggerAlarm, before: later(29)}, true},
		"its time is over":         {call, event{trigger: TriggerAlarm, before: later(30)}, false},
		"over while dead":          {call, event{trigger: TriggerStart, before: later(600)}, false},
		"the browser restarts":     {call, event{trigger: TriggerStart, before: restart}, true},
		"restart, tab lease":       {callTab, event{trigger: TriggerStart, before: restart}, false},
		"worker restart":           {callTab, event{trigger: TriggerStart}, true},
		"its tab":                  {callTab, event{trigger: TriggerTab, tab: 7}, false},
		"its tab, timed":           {call, event{trigger: TriggerTab, tab: 7}, false},
		"another tab":              {callTab, event{trigger: TriggerTab, tab: 8}, true},
		"another run's tab":        {call, event{trigger: TriggerTab, tab: 7, before: restart}, true},
		"the user ends it":         {call, event{trigger: TriggerEnd}, false},
		"the user seals":           {call, event{trigger: TriggerSeal}, false},
		"a check":                  {call, checkOnce, true},
		"years later, tab":         {callTab, event{trigger: TriggerStart, before: later(5_000_000)}, true},
		"the clock is set back":    {call, event{trigger: TriggerStart, before: later(-120)}, false},
		"the clock is corrected":   {call, event{trigger: TriggerStart, before: func(w *world) { w.now -= 2000 }}, true},
		"a mode is chosen":         {call, event{trigger: TriggerMode, before: func(w *world) { w.mode = ModeAsk }}, true},
		"prolonged for a minute":   {call, event{trigger: TriggerLease, wish: &Wish{Site: "x.example", Tab: 9, Minutes: 1}}, true},
		"a lease of a thousand h.": {event{trigger: TriggerLease, wish: &Wish{Site: "x.example", Minutes: 60_000}}, event{trigger: TriggerAlarm, before: later(24 * 60)}, false},
	} {
		w := sealedWorld(t, ProxiedOnly)
		w.run([]event{c.lease}, false)
		if w.inForce() != PublicOnly || w.view.State != "lease" {
			t.Fatalf("%s: the lease does not begin: %s, %+v", name, w.inForce(), w.view)
		}
		w.run([]event{c.event}, false)
		if c.lasts != (w.inForce() == PublicOnly) || c.lasts != (w.view.State == "lease") {
			t.Errorf("%s: %s under %s, %s", name, w.view.State, w.inForce(), w.stored)
		}
		if !c.lasts && w.view.State != "sealed" {
			t.Errorf("%s: %s", name, w.view.State)
		}
	}
}

// TestLeaseForgotten holds that a browser that was killed, and has forgotten the
// lease's setting or the seal's, gets the lease's again: found by killing one.
func TestLeaseForgotten(t *testing.T) {
	for _, forgotten := range []string{"", ProxiedOnly} {
		w := sealedWorld(t, ProxiedOnly)
		w.run([]event{call}, false)
		w.run([]event{{trigger: TriggerStart, before: func(w *world) { w.session, w.own = "two", forgotten }}}, false)
		if w.inForce() != PublicOnly || w.view.State != "lease" {
			t.Errorf("%q came back: %s under %s", forgotten, w.view.State, w.inForce())
		}
	}
}

// TestLeaseRefused holds when no lease is given, and that nothing is done then.
func TestLeaseRefused(t *testing.T) {
	for name, c := range map[string]struct {
		setup func(*world)
		wish  *Wish
		want  string
	}{
		"nothing is sealed": {func(w *world) { w.own = ""; w.stored = []byte("{}") }, call.wish, msgLeaseNothing},
		"held elsewhere":    {func(w *world) { w.above = PublicOnly }, call.wish, msgLeaseHeld},
		"no permission":     {func(w *world) { w.denied = true }, call.wish, msgLeaseHeld},
		"no wish":           {func(*world) {}, nil, msgLeaseWish},
		"no site":           {func(*world) {}, &Wish{Tab: 7}, msgLeaseWish},
		"negative time":     {func(*world) {}, &Wish{Site: "x.example", Minutes: -1}, msgLeaseWish},
		"no clock":          {func(w *world) { w.now = -5 }, call.wish, msgLeaseWish},
		"clock of year 1e6": {func(w *world) { w.now = 1 << 62 }, call.wish, msgLeaseWish},
	} {
		w := sealedWorld(t, PublicOnly)
		c.setup(w)
		did := len(w.sets)
		w.run([]event{{trigger: TriggerLease, wish: c.wish}}, false)
		if w.records().Lease != nil || len(w.sets) != did || w.view.Detail.ID != c.want {
			t.Errorf("%s: %+v, did %q", name, w.view, w.sets[did:])
		}
	}
}

// TestRestoreFails holds that a setting which cannot be put back is said, is
// tried again when something changes, and is given up in between.
func TestRestoreFails(t *testing.T) {
	for name, c := range map[string]struct {
		fail, mend func(*world)
		detail     string
	}{
		"another extension": {func(w *world) { w.above = Default }, func(w *world) { w.above = "" }, msgUnsealedOther},
		"an administrator":  {func(w *world) { w.fixed = Default }, func(w *world) { w.fixed = "" }, msgUnsealedManaged},
		"the permission":    {func(w *world) { w.denied = true }, func(w *world) { w.denied = false }, msgUnsealedGrant},
		"a deaf browser":    {func(w *world) { w.deaf = true }, func(w *world) { w.deaf = false }, msgUnsealedRefused},
	} {
		w := sealedWorld(t, PublicOnly)
		w.run([]event{call}, false)
		c.fail(w)
		w.run([]event{late}, false)
		if w.view.State != "restore-failed" || w.view.Detail.ID != c.detail || !w.records().Lease.Failed {
			t.Errorf("%s: %+v", name, w.view)
		}
		did := len(w.sets)
		w.run([]event{{trigger: TriggerStart}, {trigger: TriggerAlarm}, checkOnce}, false)
		if len(w.sets) != did || w.view.State != "restore-failed" {
			t.Errorf("%s: goes on by itself: %q, %s", name, w.sets[did:], w.view.State)
		}
		c.mend(w)
		w.run([]event{{trigger: TriggerOther}}, false)
		if w.view.State != "sealed" || w.inForce() != PublicOnly || w.records().Lease != nil {
			t.Errorf("%s: mended: %s under %s", name, w.view.State, w.inForce())
		}
	}
}

// TestLeakAfterLease holds that a leak which is there after a lease is sealed
// further in auto, and told of otherwise.
func TestLeakAfterLease(t *testing.T) {
	for mode, want := range map[string][2]string{ModeAuto: {"sealed", ProxiedOnly}, ModeAsk: {"restore-failed", PublicOnly}} {
		w := sealedWorld(t, PublicOnly)
		w.mode = mode
		w.run([]event{call}, false)
		w.leak = until("chromium", ProxiedOnly)
		w.run([]event{late}, false)
		if w.view.State != want[0] || w.inForce() != want[1] {
			t.Errorf("%s: %s under %s", mode, w.view.State, w.inForce())
		}
		w.run([]event{{trigger: TriggerSeal}}, false)
		if w.view.State != "sealed" || w.inForce() != ProxiedOnly || w.records().Lease != nil {
			t.Errorf("%s: a click leaves %s under %s", mode, w.view.State, w.inForce())
		}
	}
}

// TestLeaseOfLittle holds that a lease gives the setting back, and sets nothing,
// where one step looser is what the user had.
func TestLeaseOfLittle(t *testing.T) {
	w := sealedWorld(t, PublicOnly)
	w.run([]event{call}, false)
	if w.own != "" || w.sets[len(w.sets)-1] != "clear" {
		t.Errorf("did %q", w.sets)
	}
	w = newWorld(t, "firefox", ModeAuto, until("firefox", ProxyOnly))
	w.run([]event{checkOnce, call}, false)
	if w.own != ProxiedOnly {
		t.Errorf("Firefox: did %q", w.sets)
	}
}
