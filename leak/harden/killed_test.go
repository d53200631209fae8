package harden

import (
	"fmt"
	"slices"
	"testing"
)

var (
	isp  = "198.51.100.10"
	home = "192.168.1.10"
)

// until leaks as long as the policy is looser than the given one.
func until(browser, policy string) func(string) []string {
	return func(p string) []string {
		if rank(browser, p) < rank(browser, policy) {
			return []string{isp}
		}
		return nil
	}
}

func always(string) []string { return []string{isp} }

// story is what happens, and how it must end wherever the background dies.
type story struct {
	name, browser, mode string
	leak                func(string) []string
	setup               func(*world)
	events              []event
	want                string // in force at the end
	ours                bool   // and set by us
	view                string
	least               string // what nobody may see loosened, but by lease or undo
}

var (
	checkOnce = event{trigger: TriggerCheck}
	call      = event{trigger: TriggerLease, wish: &Wish{Site: "call.example", Tab: 7, Minutes: 30}}
	callTab   = event{trigger: TriggerLease, wish: &Wish{Site: "call.example", Tab: 7}}
	late      = event{trigger: TriggerAlarm, before: func(w *world) { w.now += 31 * 60_000 }}
)

func stories() []story {
	var out []story
	for _, browser := range []string{"chromium", "firefox"} {
		for _, rung := range ladder(browser)[1:] {
			l := until(browser, rung)
			out = append(out,
				story{name: "auto seals at " + rung, browser: browser, mode: ModeAuto, leak: l, events: []event{checkOnce}, want: rung, ours: true, view: "sealed"},
				story{name: "a click seals at " + rung, browser: browser, mode: ModeAsk, leak: l, events: []event{checkOnce, {trigger: TriggerSeal}}, want: rung, ours: true, view: "sealed"},
				story{name: "undo from " + rung, browser: browser, mode: ModeAuto, leak: l, events: []event{checkOnce, {trigger: TriggerUndo}, checkOnce}, want: Default, view: "offer"},
				story{name: "off from " + rung, browser: browser, mode: ModeAuto, leak: l, want: Default, view: "off",
					events: []event{checkOnce, {trigger: TriggerMode, before: func(w *world) { w.mode = ModeOff }}}},
				story{name: "lease from " + rung, browser: browser, mode: ModeAuto, leak: l, events: []event{checkOnce, call, late}, want: rung, ours: true, view: "sealed"},
				story{name: "tab lease from " + rung, browser: browser, mode: ModeAuto, leak: l, events: []event{checkOnce, callTab, {trigger: TriggerTab, tab: 7}}, want: rung, ours: true, view: "sealed"},
				story{name: "undo in a lease from " + rung, browser: browser, mode: ModeAuto, leak: l, events: []event{checkOnce, call, {trigger: TriggerUndo}}, want: Default, view: "offer"},
			)
		}
		out = append(out,
			story{name: "clear stays untouched", browser: browser, mode: ModeAuto, leak: func(string) []string { return nil }, events: []event{checkOnce}, want: Default, view: "none"},
			story{name: "nothing helps", browser: browser, mode: ModeAuto, leak: always, events: []event{checkOnce}, want: Default, view: "failed"},
			story{name: "another extension is stricter", browser: browser, mode: ModeAuto, leak: until(browser, ProxiedOnly), want: ProxiedOnly, ours: true, view: "sealed",
				setup: func(w *world) { w.below, w.found = PublicOnly, PublicOnly }, events: []event{checkOnce}, least: PublicOnly},
			story{name: "undo gives it back to the other extension", browser: browser, mode: ModeAuto, leak: until(browser, ProxiedOnly), want: PublicOnly, view: "offer",
				setup: func(w *world) { w.below = PublicOnly }, events: []event{checkOnce, {trigger: TriggerUndo}}},
			story{name: "found looser than the default", browser: browser, mode: ModeAuto, leak: until(browser, Default), want: Default, ours: true, view: "sealed",
				setup: func(w *world) { w.base, w.found = AllInterfaces, AllInterfaces }, events: []event{checkOnce}},
			story{name: "managed", browser: browser, mode: ModeAuto, leak: always, want: Default, view: "conflict",
				setup: func(w *world) { w.fixed = Default }, events: []event{checkOnce}},
			story{name: "no permission", browser: browser, mode: ModeAuto, leak: always, want: Default, view: "grant",
				setup: func(w *world) { w.denied = true }, events: []event{checkOnce}},
			story{name: "the permission comes later", browser: browser, mode: ModeAuto, leak: until(browser, PublicOnly), want: PublicOnly, ours: true, view: "sealed",
				setup: func(w *world) { w.denied = true }, events: []event{checkOnce, {trigger: TriggerOther, before: func(w *world) { w.denied = false }}, checkOnce}},
			story{name: "another extension takes over and lets go", browser: browser, mode: ModeAuto, leak: until(browser, PublicOnly), want: PublicOnly, ours: true, view: "sealed",
				events: []event{checkOnce, {trigger: TriggerOther, before: func(w *world) { w.above = Default }}, {trigger: TriggerOther, before: func(w *world) { w.above = "" }}, checkOnce}},
			story{name: "the setting was lost", browser: browser, mode: ModeAuto, leak: until(browser, PublicOnly), want: PublicOnly, ours: true, view: "sealed",
				events: []event{checkOnce, {trigger: TriggerOther, before: func(w *world) { w.own = "" }}, checkOnce}},
			story{name: "the browser ignores it", browser: browser, mode: ModeAuto, leak: always, want: Default, view: "conflict",
				setup: func(w *world) { w.deaf = true }, events: []event{checkOnce}},
		)
	}
	return out
}

// TestKilled plays every story, and again with a background or a browser that
// dies before its first step, its second step, and so on: the end is the same.
func TestKilled(t *testing.T) {
	played := 0
	for _, s := range stories() {
		for _, browserDies := range []bool{false, true} {
			for kill := 0; ; kill++ {
				w := s.play(t, browserDies, kill, 0)
				if played++; t.Failed() {
					return
				}
				if kill > w.step {
					break // there was no such step
				}
			}
		}
	}
	t.Logf("%d stories played", played)
}

// TestKilledAgainAndAgain lets the background live just long enough for one
// check: it must get to the end all the same.
func TestKilledAgainAndAgain(t *testing.T) {
	for _, s := range stories() {
		for _, every := range []int{10, 13, 17, 22} {
			if s.play(t, false, 0, every); t.Failed() {
				return
			}
		}
	}
}

func (s story) play(t *testing.T, browserDies bool, killAt, killEvery int) *world {
	t.Helper()
	w := newWorld(t, s.browser, s.mode, s.leak)
	if s.setup != nil {
		s.setup(w)
	}
	w.killAt, w.killEvery = killAt, killEvery
	w.run(s.events, browserDies)
	s.compare(t, fmt.Sprintf("%s, %s, killed at %d, every %d, browser %v", s.name, s.browser, killAt, killEvery, browserDies), w)
	return w
}

func (s story) compare(t *testing.T, name string, w *world) {
	t.Helper()
	if w.inForce() != s.want || (w.own != "") != s.ours {
		t.Errorf("%s: in force %s, ours %q, want %s; did %q; %s", name, w.inForce(), w.own, s.want, w.sets, w.stored)
	}
	r := w.records()
	if r.Lease != nil || r.Seal != nil && r.Seal.Phase != "" {
		t.Errorf("%s: not at rest: %s", name, w.stored)
	}
	// A browser that died has forgotten its last check.
	if w.verdict != nil && w.view.State != s.view {
		t.Errorf("%s: view %s, want %s; %s", name, w.view.State, s.view, w.stored)
	}
	if s.least != "" && slices.ContainsFunc(w.sets, func(p string) bool { return p == "clear" || rank(s.browser, p) < rank(s.browser, s.least) }) {
		t.Errorf("%s: loosened on the way: %q", name, w.sets)
	}
	if s.want == Default && s.view == "none" && len(w.sets) > 0 {
		t.Errorf("%s: touched the setting: %q", name, w.sets)
	}
}
