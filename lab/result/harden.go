package result

import (
	"net/netip"
	"slices"
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
	r.word("hardening", string(want.State), got.State)
	r.word("policy", string(want.Policy), got.Policy)
	r.word("control", string(want.Control), got.Control)
	r.word("calls", string(want.Calls), got.Calls)
	r.word("title", want.Title, shown.Title.ID)
	r.word("detail", want.Detail, shown.Detail.ID)
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
