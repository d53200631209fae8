package harden

import (
	"encoding/json"
	"errors"
	"testing"

	"watertight/leak/verdict"
)

// world is a browser with one setting, a network that leaks as the policy
// allows, and a background that stores, acts and asks as the extension does. It
// can be killed between any two steps.
type world struct {
	t       testing.TB
	browser string
	mode    string
	// The setting: what holds without extensions, what another extension set
	// below us and above us, what an administrator fixed, and what we set.
	base, below, above, fixed, own string
	denied                         bool // the permission is missing
	deaf                           bool // sets of ours are accepted and ignored
	// leak tells what WebRTC shows under a policy; nil means clear, garbled that
	// the check cannot tell.
	leak  func(policy string) []string
	found string // what held before anything was done

	now     int64
	session string
	stored  []byte // the records, as JSON on a disk
	verdict *verdict.Verdict
	tested  *Setting
	view    View

	killAt, step int  // dies before step killAt; 0 never
	killEvery    int  // dies again and again; 0 never
	handled      bool // something was stored of the event
	decisions    int
	checks       int
	overridden   bool // verdicts carry policy-overridden
	sets         []string
}

var (
	errKilled = errors.New("killed")
	garbled   = []string{"?"}
)

func newWorld(t testing.TB, browser, mode string, leak func(string) []string) *world {
	return &world{
		t: t, browser: browser, mode: mode, base: Default, found: Default, leak: leak, now: 1_800_000_000_000, session: "one",
		stored: []byte(`{"seal":null,"lease":null}`),
	}
}

// setting reads the setting back.
func (w *world) setting() *Setting {
	switch {
	case w.denied:
		return nil
	case w.fixed != "":
		return &Setting{w.fixed, "not_controllable"}
	case w.above != "":
		return &Setting{w.above, byOther}
	case w.own != "":
		return &Setting{w.own, byUs}
	case w.below != "":
		return &Setting{w.below, free}
	}
	return &Setting{w.base, free}
}

// inForce is what pages get, whoever may read it.
func (w *world) inForce() string {
	denied := w.denied
	w.denied = false
	defer func() { w.denied = denied }()
	return w.setting().Value
}

// alive ends the background if its time has come.
func (w *world) alive() {
	if w.step++; w.step == w.killAt || w.killEvery > 0 && w.step%w.killEvery == 0 {
		panic(errKilled)
	}
}

type records struct {
	Seal  *Seal  `json:"seal"`
	Lease *Lease `json:"lease"`
}

func (w *world) records() records {
	var r records
	if err := json.Unmarshal(w.stored, &r); err != nil {
		w.t.Fatal(err)
	}
	return r
}

// maxDecisions is more than any event can need: four policies, each set three
// times and tested three times, and the way back.
const maxDecisions = 40

func (w *world) decide(trigger string, wish *Wish, tab int) Decision {
	w.alive()
	if w.decisions++; w.decisions > maxDecisions {
		w.t.Fatalf("no end after %d decisions: %+v %s", w.decisions, w.setting(), w.stored)
	}
	r := w.records()
	s := State{
		Version: 1, Browser: w.browser, Trigger: trigger, Now: w.now, Session: w.session, Mode: w.mode, Setting: w.setting(),
		Verdict: w.verdict, Tested: w.tested, Seal: r.Seal, Lease: r.Lease, Wish: wish, Tab: tab,
	}
	d := Next(s)
	wellFormed(w.t, s, d)
	data, err := json.Marshal(records{d.Seal, d.Lease})
	if err != nil {
		w.t.Fatal(err)
	}
	w.alive()
	w.stored, w.view, w.handled = data, d.View, true
	w.alive()
	return d
}

func (w *world) act(d Decision) {
	if s := w.setting(); s == nil || s.LevelOfControl != free && s.LevelOfControl != byUs {
		w.t.Fatalf("acts on a setting in other hands: %+v", d)
	}
	switch d.Do {
	case "set":
		w.sets = append(w.sets, d.Value)
		if !w.deaf {
			w.own = d.Value
		}
	case "clear":
		w.sets = append(w.sets, "clear")
		w.own = ""
	}
	w.alive()
}

// check makes a verdict of what the policy lets through.
func (w *world) check() {
	w.checks++
	w.tested = w.setting()
	w.alive()
	shown := w.leak(w.inForce())
	w.verdict = webrtcVerdict(shown)
	if w.overridden {
		w.verdict.Findings = append(w.verdict.Findings, verdict.Finding{ID: verdict.PolicyOverridden, Level: "info", Row: "webrtc"})
	}
	w.alive()
}

func webrtcVerdict(shown []string) *verdict.Verdict {
	v := &verdict.Verdict{Version: 1, Final: true, Outcome: verdict.Clear}
	row := verdict.Row{ID: "webrtc", Outcome: verdict.Clear}
	switch {
	case len(shown) == 1 && shown[0] == garbled[0]:
		row.Outcome, v.Outcome = verdict.Unknown, verdict.Unknown
	case len(shown) > 0:
		row.Outcome, v.Outcome = verdict.Leak, verdict.Leak
		f := verdict.Finding{ID: verdict.WebRTCPublicIP, Level: "leak", Row: "webrtc"}
		for _, a := range shown {
			f.Evidence = append(f.Evidence, verdict.Proof{Address: a})
		}
		v.Findings = []verdict.Finding{f}
	}
	v.Rows = []verdict.Row{row}
	return v
}

// event does what the background does about one trigger, to the end.
type event struct {
	trigger string
	wish    *Wish
	tab     int
	before  func(*world) // what happens in the world first
}

func (w *world) happen(e event) {
	if e.trigger == TriggerCheck {
		w.check()
	}
	d := w.decide(e.trigger, e.wish, e.tab)
	for {
		for d.Do != "none" {
			w.act(d)
			d = w.decide(TriggerStart, nil, 0)
		}
		if !d.Test {
			return
		}
		w.check()
		d = w.decide(TriggerCheck, nil, 0)
	}
}

// attempt runs an event until it ends or the background dies.
func (w *world) attempt(e event) (died bool) {
	w.decisions = 0
	defer func() {
		switch p := recover(); p {
		case nil:
		case errKilled:
			died = true
		default:
			panic(p)
		}
	}()
	w.happen(e)
	return false
}

// run plays events. A background that dies starts again, with the browser or
// alone; what it had not stored anything of happens again, as the user or the
// next check would make it.
func (w *world) run(events []event, browserDies bool) {
	for _, e := range events {
		if e.before != nil {
			e.before(w)
		}
		w.handled = false
		for w.attempt(e) {
			if browserDies {
				w.session, w.verdict, w.tested = w.session+"+", nil, nil
			}
			if w.handled {
				e = event{trigger: TriggerStart}
				continue
			}
			for w.attempt(event{trigger: TriggerStart}) {
			}
			w.handled = false
		}
	}
}
