package site

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// small reports whether nothing has to be forgotten of a trace, so that it may be
// heard in any order.
func small(events []Event) bool {
	conns, hosts, servers := map[[2]int64]bool{}, map[string]bool{}, map[Server]bool{}
	for _, e := range events {
		conns[[2]int64{e.Frame, e.Conn}], hosts[e.Host] = true, true
		for _, s := range e.Servers {
			servers[s] = true
		}
	}
	return len(events) < 300 && len(conns) < maxConns/2 && len(hosts) < maxParties/2 && len(servers) <= maxServers
}

// TestFramesInAnyOrder holds that it makes no difference how the events of
// independent frames are mixed: two traces in two frames, mixed by chance.
func TestFramesInAnyOrder(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	goldens := readGoldens(t)
	for _, g := range goldens {
		mine := shifted(g.events(t), 100, "a.page.example")
		theirs := shifted(goldens[chance.IntN(len(goldens))].events(t), 300, "frame.example")
		if !small(slices.Concat(mine, theirs)) {
			continue
		}
		now := g.Now + 1000
		want := Judge("one", "page.example", slices.Concat(mine, theirs), now)
		for range 20 {
			if got := Judge("one", "page.example", mixed(chance, mine, theirs), now); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: another order gives\n%+v, not\n%+v", g.Name, got, want)
			}
		}
	}
}

// shifted moves a trace into frames that are not the top one.
func shifted(events []Event, by int64, host string) []Event {
	out := []Event{}
	for _, e := range events {
		if e.fits() {
			e.Frame += by
			if e.Host == "page.example" {
				e.Host = host
			}
			out = append(out, e)
		}
	}
	return out
}

func mixed(chance *rand.Rand, a, b []Event) []Event {
	var out []Event
	for len(a)+len(b) > 0 {
		if from := &a; chance.IntN(len(a)+len(b)) >= len(a) {
			from = &b
			out, b = append(out, (*from)[0]), b[1:]
		} else {
			out, a = append(out, (*from)[0]), a[1:]
		}
	}
	return out
}

// TestConnectionInAnyOrder holds that the events of connections of one document
// leave the same facts in every order, and when they come twice.
func TestConnectionInAnyOrder(t *testing.T) {
	chance := rand.New(rand.NewPCG(3, 4))
	for _, g := range readGoldens(t) {
		events := g.events(t)
		if !small(events) || slices.ContainsFunc(events, func(e Event) bool { return e.Kind == FrameGone }) || g.Name == "reload-unheard" {
			continue
		}
		want := Judge("one", g.Site, events, g.Now)
		for range 20 {
			again := slices.Clone(events)
			chance.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
			if got := Judge("one", g.Site, again, g.Now); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: another order gives\n%+v, not\n%+v", g.Name, got, want)
			}
		}
		twice := Judge("one", g.Site, slices.Concat(events, events), g.Now)
		if !reflect.DeepEqual(twice.Counts, want.Counts) || twice.Kind != want.Kind {
			t.Errorf("%s: heard twice it is %s %+v, not %s %+v", g.Name, twice.Kind, twice.Counts, want.Kind, want.Counts)
		}
	}
}

// TestStepByStep holds that a background which stores the state after each event,
// dies, and reads it again comes to the same report, and that no state is changed
// by going on from it.
func TestStepByStep(t *testing.T) {
	for _, g := range readGoldens(t) {
		events := g.events(t)
		if len(events) > 2500 {
			events = events[:2500]
		}
		s := Begin("one", g.Site)
		for i, e := range events {
			var before []byte
			if i%97 == 0 || i < 50 {
				before, _ = json.Marshal(s)
			}
			next := Step(s, e)
			if before == nil {
				s = next
				continue
			}
			if after, _ := json.Marshal(s); string(after) != string(before) {
				t.Fatalf("%s: event %d changed the state that it was given", g.Name, i)
			}
			stored, err := json.Marshal(next)
			if err != nil {
				t.Fatal(err)
			}
			s = State{}
			if err := json.Unmarshal(stored, &s); err != nil {
				t.Fatal(err)
			}
		}
		if got, want := Examine(s, g.Now), Judge("one", g.Site, events, g.Now); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: step by step\n%+v, at once\n%+v", g.Name, got, want)
		}
	}
}

// TestForks holds that two ways on from one state do not meet.
func TestForks(t *testing.T) {
	s := Step(Begin("one", "page.example"), Event{Kind: LocalDesc, At: 1})
	s.Conns[0].Keys = append(make([]string, 0, 4), "first") // with room behind
	one := Step(s, Event{Kind: LocalDesc, At: 2, Key: "one"})
	two := Step(s, Event{Kind: LocalDesc, At: 2, Key: "two"})
	if one.Conns[0].Keys[1] != "one" || two.Conns[0].Keys[1] != "two" {
		t.Errorf("%q and %q", one.Conns[0].Keys, two.Conns[0].Keys)
	}
}

// TestAlarm holds that a report says when it will change by itself: until then it
// stays, and at every alarm fewer connections are undecided.
func TestAlarm(t *testing.T) {
	for _, g := range readGoldens(t) {
		s := Fold(Begin("one", g.Site), g.events(t))
		r := Examine(s, 0)
		for rounds := 0; r.Alarm != 0; rounds++ {
			if early := Examine(s, r.Alarm-1); early.Counts != r.Counts {
				t.Fatalf("%s: %+v became %+v before the alarm", g.Name, r.Counts, early.Counts)
			}
			next := Examine(s, r.Alarm)
			if next.Counts == r.Counts && next.Alarm <= r.Alarm || rounds > maxConns {
				t.Fatalf("%s: nothing happens at the alarm: %+v", g.Name, next.Counts)
			}
			r = next
		}
		if last := Examine(s, maxTime); last.Counts != r.Counts {
			t.Errorf("%s: without an alarm %+v became %+v", g.Name, r.Counts, last.Counts)
		}
	}
}
