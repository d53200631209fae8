package result

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"watertight/lab/capture"
	"watertight/lab/scenario"
)

// Hardening is what the extension tells the popup of it.
type Hardening struct {
	State  string   `json:"state"`
	Title  Text     `json:"title"`
	Detail Text     `json:"detail"`
	Before []string `json:"before"`
	After  []string `json:"after"`
}

// Setting is the browser's WebRTC setting, read back.
type Setting struct {
	Value          string `json:"value"`
	LevelOfControl string `json:"levelOfControl"`
}

// Sealed is the line's part on hardening.
type Sealed struct {
	State   string   `json:"state"`
	Policy  string   `json:"policy"`
	Control string   `json:"control"`
	Before  []string `json:"before"`
	After   []string `json:"after"`
	Calls   string   `json:"calls"`
	Checks  int      `json:"checks"`
	Changes int      `json:"changes"`
	// Sources of STUN and TURN at the companion, before the last check began and since.
	SentBefore []string `json:"sent_before"`
	SentSince  []string `json:"sent_since"`
}

// Harden adds what became of hardening, and compares it.
func (r *Result) Harden(e scenario.Expect, reply Reply, packets []capture.STUN) {
	if reply.Policy == nil {
		r.wrong("the browser's setting cannot be read")
		return
	}
	s := &Sealed{State: "none", Policy: reply.Policy.Value, Control: reply.Policy.LevelOfControl, Checks: len(reply.Checks), Changes: reply.Changes,
		Before: []string{}, After: []string{}}
	if h := reply.Hardening; h != nil {
		s.State, s.Before, s.After = h.State, h.Before, h.After
	}
	if reply.Calls != nil {
		s.Calls = reply.Calls.State
	}
	r.Sealed = s
	before, since := sources(packets, time.UnixMilli(reply.Began))
	s.SentBefore, s.SentSince = before, since
	if e.Hardening != nil {
		r.hardening(*e.Hardening, *s, reply.Hardening)
	}
	if e.Packets != nil {
		r.packets(*e.Packets, before, since)
	}
}

func (r *Result) hardening(want scenario.Hardened, got Sealed, shown *Hardening) {
	if shown == nil {
		shown = &Hardening{}
	}
	for _, pair := range [][3]string{
		{"hardening", string(want.State), got.State},
		{"policy", string(want.Policy), got.Policy},
		{"control", string(want.Control), got.Control},
		{"calls", string(want.Calls), got.Calls},
		{"title", want.Title, shown.Title.ID},
		{"detail", want.Detail, shown.Detail.ID},
	} {
		if pair[1] != "" && pair[1] != pair[2] {
			r.wrong("%s is %q, expected %q", pair[0], pair[2], pair[1])
		}
	}
	r.addresses("before", want.Before, got.Before)
	r.addresses("after", want.After, got.After)
	if want.Changes != nil && *want.Changes != got.Changes {
		r.wrong("the setting was changed %d times, expected %d", got.Changes, *want.Changes)
	}
}

// Unsure reports whether WebRTC could not be judged though it was to be, and
// hardening has therefore done nothing.
func (r Result) Unsure(want scenario.Expect) bool {
	return !r.OK() && r.Sealed != nil && r.Sealed.State == "none" && r.unknown["webrtc"] && want.Rows["webrtc"] != "unknown"
}

// addresses compares two sets; a missing list is not compared.
func (r *Result) addresses(what string, want []netip.Addr, got []string) {
	if want == nil {
		return
	}
	wanted := make([]string, len(want))
	for i, a := range want {
		wanted[i] = a.String()
	}
	got = slices.Clone(got)
	slices.Sort(wanted)
	slices.Sort(got)
	if !slices.Equal(wanted, got) {
		r.wrong("%s: %s, expected %s", what, told(got), told(wanted))
	}
}

func (r *Result) packets(want scenario.Packets, before, since []string) {
	came := func(list []string, a netip.Addr) bool {
		return slices.Contains(list, a.String()) || slices.Contains(list, overTCP+a.String()) && !slices.Contains(want.TCP, a)
	}
	for _, a := range want.Silenced {
		if !slices.Contains(before, a.String()) {
			r.wrong("no STUN packet came from %s before: its silence proves nothing", a)
		}
		if came(since, a) {
			r.wrong("STUN packets came from %s since the last check began", a)
		}
	}
	for _, a := range want.None {
		if came(before, a) || came(since, a) {
			r.wrong("STUN packets came from %s", a)
		}
	}
	for _, a := range want.From {
		if !slices.Contains(since, a.String()) {
			r.wrong("no STUN packet came from %s since the last check began", a)
		}
	}
	for _, a := range want.TCP {
		if !slices.Contains(since, overTCP+a.String()) {
			r.wrong("nothing came from %s over TCP since the last check began", a)
		}
	}
}

// overTCP marks the sources of TURN over TCP.
const overTCP = "tcp "

// sources lists who sent before a moment, and since.
func sources(packets []capture.STUN, moment time.Time) (before, since []string) {
	before, since = []string{}, []string{}
	for _, p := range packets {
		list := &before
		if !p.Time.Before(moment) {
			list = &since
		}
		a := p.Source.String()
		if p.Transport == "tcp" {
			a = overTCP + a
		}
		if !slices.Contains(*list, a) {
			*list = append(*list, a)
		}
	}
	return before, since
}

func told(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, " ")
}

// Call is what the two ends of a call saw.
type Call struct {
	Connected  bool     `json:"connected"`
	Echoed     int      `json:"echoed"` // bytes that came back over the data channel
	Frames     int      `json:"frames"` // pictures that the other end decoded
	Candidates []string `json:"candidates"`
	MS         float64  `json:"ms"`
}

// CompareCall judges a call.
func CompareCall(want scenario.Call, b scenario.Browser, got Call) Result {
	r := Result{Findings: []string{}, Missed: []string{}, False: []string{}, Outcome: "failed", Call: &got}
	r.MS.Verdict = got.MS
	whole := got.Connected && got.Echoed > 0 && got.Frames > 0
	if whole {
		r.Outcome = "connected"
	}
	switch works := slices.Contains(want.Works, b); {
	case works && !whole:
		r.wrong("the call fails: connected %t, %d bytes, %d pictures", got.Connected, got.Echoed, got.Frames)
	case !works && (got.Connected || whole):
		r.wrong("the call connects, expected to fail")
	}
	shown := map[string]bool{}
	for _, line := range got.Candidates {
		if fields := strings.Fields(line); len(fields) > 4 { // RFC 8839 §5.1: the fifth is the address
			shown[fields[4]] = true
		}
	}
	for _, a := range want.Shows {
		if !shown[a.String()] {
			r.wrong("the page is not shown %s", a)
		}
	}
	for _, a := range want.Hides {
		if shown[a.String()] {
			r.wrong("the page is shown %s", a)
		}
	}
	return r
}
