// Package result compares what a browser showed with what its scenario
// expects, and words the difference.
package result

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"watertight/lab/scenario"
)

// Reply is the driver's answer to a check: the part that the lab reads.
type Reply struct {
	Outcome     string   `json:"outcome"`
	Findings    []string `json:"findings"`
	Headline    string   `json:"headline"`
	Verdict     Verdict  `json:"verdict"`
	MS          MS       `json:"ms"`
	Screenshots []string `json:"screenshots"`
	// Only where the extension may read the setting.
	Hardening *Hardening `json:"hardening"`
	Policy    *Setting   `json:"policy"`
	Calls     *struct {
		State string `json:"state"`
	} `json:"calls"`
	Began   int64    `json:"began"`   // the last check, milliseconds since 1970
	Checks  []string `json:"checks"`  // that ran, by id
	Changes int      `json:"changes"` // made to the setting since the browser started
}

// MS are times from the click, in milliseconds.
type MS struct {
	FirstPaint float64 `json:"first_paint"`
	Verdict    float64 `json:"verdict"`
}

// Verdict is the core's verdict, as the extension stored it.
type Verdict struct {
	Outcome  string    `json:"outcome"`
	Rows     []Row     `json:"rows"`
	Findings []Finding `json:"findings"`
	Unknowns []struct {
		Row    string `json:"row"`
		Reason Text   `json:"reason"`
	} `json:"unknowns"`
}

// Row is one of the three rows of the popup.
type Row struct {
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
}

// Finding is one finding of the core.
type Finding struct {
	ID        string     `json:"id"`
	Level     string     `json:"level"`
	Certainty string     `json:"certainty"`
	Row       string     `json:"row"`
	Explain   Text       `json:"explain"`
	Fix       Text       `json:"fix"`
	Exposes   string     `json:"exposes"`
	Evidence  []Evidence `json:"evidence"`
}

// Text names a message of the extension.
type Text struct {
	ID   string   `json:"id"`
	Args []string `json:"args"`
}

// Evidence is one address that proves a finding.
type Evidence struct {
	Address string   `json:"address"`
	Via     string   `json:"via"`
	Network *Network `json:"network"`
}

// Network is who owns an address.
type Network struct {
	Org string `json:"org"`
	ASN int    `json:"asn"`
}

// Result is one line of the lab's output, and what went wrong.
type Result struct {
	Scenario string   `json:"scenario"`
	Check    string   `json:"check,omitempty"`
	Browser  string   `json:"browser"`
	Outcome  string   `json:"outcome"`
	Findings []string `json:"findings"`
	Missed   []string `json:"missed"`
	False    []string `json:"false"`
	MS       MS       `json:"ms"`
	// Tries is how many checks it took to meet the budget, if more than one; MS
	// holds the best of them, FirstMS the first.
	Tries   int `json:"tries,omitempty"`
	FirstMS *MS `json:"first_ms,omitempty"`
	// Sealed is there where the scenario hardens; Call where the line is of a call.
	Sealed *Sealed `json:"hardening,omitempty"`
	Call   *Call   `json:"call,omitempty"`
	Visit  *Visit  `json:"site,omitempty"` // where the line is of a website
	// HTTP is how often the companion was asked, by version, where it speaks HTTPS.
	HTTP map[string]int `json:"http,omitempty"`
	// Wrong says in words all that differs, also what is no finding.
	Wrong []string `json:"wrong,omitempty"`
	// unknown are the rows that the check could not judge.
	unknown map[string]bool
	// Error is set when the lab itself failed: nothing was measured.
	Error string `json:"error,omitempty"`
}

// OK says that everything was as expected.
func (r Result) OK() bool { return len(r.Missed)+len(r.False)+len(r.Wrong) == 0 && r.Error == "" }

// Compare judges one reply. Findings are read from the popup that a person
// sees; certainty, exposure and evidence from the verdict behind it.
func Compare(e scenario.Expect, reply Reply) Result {
	r := Result{Outcome: reply.Outcome, Findings: slices.Clone(reply.Findings), MS: reply.MS, Missed: []string{}, False: []string{}}
	if r.Findings == nil {
		r.Findings = []string{}
	}
	slices.Sort(r.Findings)
	if reply.Outcome != string(e.Outcome) && (e.Or == "" || reply.Outcome != string(e.Or)) {
		r.wrong("outcome is %s, expected %s", reply.Outcome, e.Outcome)
		for _, u := range reply.Verdict.Unknowns {
			r.wrong("row %s is unknown: %s %s", u.Row, u.Reason.ID, strings.Join(u.Reason.Args, " "))
		}
	}
	var expected []string
	for _, f := range e.Findings {
		expected = append(expected, string(f.ID))
		if !slices.Contains(reply.Findings, string(f.ID)) {
			r.Missed = append(r.Missed, string(f.ID))
		} else {
			r.finding(f, reply.Verdict)
		}
	}
	for _, id := range r.Findings {
		if !slices.Contains(expected, id) {
			r.False = append(r.False, id)
		}
	}
	r.rows(e.Rows, reply.Verdict.Rows)
	r.unknown = map[string]bool{}
	for _, row := range reply.Verdict.Rows {
		r.unknown[row.ID] = row.Outcome == "unknown"
	}
	r.budget(e.Budget)
	return r
}

func (r *Result) wrong(format string, args ...any) {
	r.Wrong = append(r.Wrong, fmt.Sprintf(format, args...))
}

func (r *Result) finding(want scenario.Finding, v Verdict) {
	i := slices.IndexFunc(v.Findings, func(f Finding) bool { return f.ID == string(want.ID) })
	if i < 0 {
		r.wrong("%s is shown, but is not in the verdict", want.ID)
		return
	}
	got := v.Findings[i]
	if want.Certainty != "" && got.Certainty != string(want.Certainty) {
		r.wrong("%s is %s, expected %s", want.ID, got.Certainty, want.Certainty)
	}
	if want.Exposes != "" && got.Exposes != want.Exposes {
		r.wrong("%s exposes to %q, expected %q", want.ID, got.Exposes, want.Exposes)
	}
	for _, a := range want.Evidence {
		if !slices.ContainsFunc(got.Evidence, func(e Evidence) bool { return same(e.Address, a) }) {
			r.wrong("%s does not show %s", want.ID, a)
		}
	}
}

func same(text string, a netip.Addr) bool {
	b, err := netip.ParseAddr(text)
	return err == nil && a == b
}

func (r *Result) rows(want map[scenario.Row]scenario.Outcome, got []Row) {
	for _, id := range []scenario.Row{"exit", "dns", "webrtc"} {
		outcome, ok := want[id]
		if !ok {
			continue
		}
		i := slices.IndexFunc(got, func(row Row) bool { return row.ID == string(id) })
		switch {
		case i < 0:
			r.wrong("row %s is missing", id)
		case got[i].Outcome != string(outcome):
			r.wrong("row %s is %s, expected %s", id, got[i].Outcome, outcome)
		}
	}
}
