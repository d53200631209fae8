package verdict

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestUnknownIsNeverClear takes parts of the evidence away. No verdict may get
// better by it.
func TestUnknownIsNeverClear(t *testing.T) {
	for _, g := range readGoldens(t) {
		for name, spoil := range map[string]func(*Evidence){
			"not final":     func(e *Evidence) { e.Final = false },
			"no exits":      func(e *Evidence) { e.Exits = nil },
			"no dns":        func(e *Evidence) { e.DNS = nil },
			"no ice":        func(e *Evidence) { e.ICE = nil },
			"no sightings":  func(e *Evidence) { e.DNS = &DNS{Status: "ok", Sent: []string{"f0"}} },
			"dead stream":   func(e *Evidence) { e.DNS = &DNS{Status: "failed", Reason: "stream"} },
			"late dns":      func(e *Evidence) { e.DNS = &DNS{Status: "pending"} },
			"dead stun":     func(e *Evidence) { e.ICE = []ICE{{Frame: 4, Status: "timeout"}} },
			"late ice":      func(e *Evidence) { e.ICE = []ICE{{Frame: 4, Status: "pending"}} },
			"odd candidate": func(e *Evidence) { e.ICE = append(e.ICE, ICE{Status: "complete", Candidates: []string{"x"}}) },
			"odd status":    func(e *Evidence) { e.ICE = append(e.ICE, ICE{Status: "?"}) },
			"odd resolver": func(e *Evidence) {
				d := *e.DNS
				d.Sightings = append(d.Sightings[:len(d.Sightings):len(d.Sightings)], Sighting{Label: "f0", Resolver: "?"})
				e.DNS = &d
			},
			"odd path": func(e *Evidence) { e.Paths = append(e.Paths, Attested{Transport: "udp", Address: "?"}) },
			"odd transport": func(e *Evidence) {
				e.Paths = append(e.Paths, Attested{Transport: "?", Address: "192.0.2.10"})
			},
			"deep, nothing failed": func(e *Evidence) { e.Deep, e.DNS = true, without(e.DNS, "x") },
			"deep, nothing after":  func(e *Evidence) { e.Deep, e.DNS = true, without(e.DNS, "F") },
			"gathered, then died": func(e *Evidence) {
				e.ICE = []ICE{{Frame: 4, Status: "failed", Reason: "closed", Candidates: []string{srflxOfExit}}}
			},
			"odd exit": func(e *Evidence) { e.Exits = []Exit{{Family: 4, Status: "ok", Address: "?"}} },
		} {
			ev := g.evidence(t)
			if (name == "odd resolver" || strings.HasPrefix(name, "deep")) && ev.DNS == nil || name == "dead stun" && ev.Policy != nil && ev.Policy.Value == "proxy_only" {
				continue
			}
			spoil(&ev)
			v := Judge(ev)
			wellFormed(t, v)
			if v.Outcome == Clear {
				t.Errorf("%s, %s: clear", g.Name, name)
			}
		}
	}
}

// srflxOfExit shows what websites see anyway.
const srflxOfExit = "candidate:1 1 udp 1677729535 192.0.2.10 46154 typ srflx raddr 0.0.0.0 rport 0"

// without leaves out what was seen of the probes of a vector.
func without(d *DNS, vector string) *DNS {
	out := *d
	out.Sightings = nil
	for _, s := range d.Sightings {
		if vectorOf(s.Label) != vector[0] {
			out.Sightings = append(out.Sightings, s)
		}
	}
	return &out
}

// TestNewPartsOnlyAccuse takes away what can only add a leak. Nothing else may
// change to the worse by it: unknown stays unknown.
func TestNewPartsOnlyAccuse(t *testing.T) {
	for _, g := range readGoldens(t) {
		ev := g.evidence(t)
		full := Judge(ev).Outcome
		ev.Paths, ev.History = nil, nil
		for i := range ev.ICE {
			ev.ICE[i].Permission, ev.ICE[i].STUN53 = "", ""
		}
		if bare := Judge(ev).Outcome; full == Clear && bare != Clear || full == Unknown && bare == Leak {
			t.Errorf("%s: %s, and %s without paths, history, permission and port 53", g.Name, full, bare)
		}
	}
}

// TestPure judges twice, and again after a round trip through JSON.
func TestPure(t *testing.T) {
	for _, g := range readGoldens(t) {
		ev := g.evidence(t)
		first := Judge(ev)
		if !reflect.DeepEqual(first, Judge(ev)) {
			t.Errorf("%s: judging twice gives two verdicts", g.Name)
		}
		data, err := json.Marshal(ev)
		if err != nil {
			t.Fatal(err)
		}
		var again Evidence
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(first, Judge(again)) {
			t.Errorf("%s: a round trip changes the verdict", g.Name)
		}
	}
}
