package result

import (
	"slices"
	"time"

	"watertight/lab/capture"
	"watertight/lab/scenario"
)

// SiteReply is the driver's answer to the visit of a website.
type SiteReply struct {
	Lines   []string  `json:"lines"` // the candidates that the page was shown
	Crashed bool      `json:"crashed"`
	Site    SiteShown `json:"site"`
	Badge   string    `json:"badge"`
	Heard   int       `json:"heard"` // events that reached the background
	Entry   *Entry    `json:"entry"`
	Mode    string    `json:"mode"` // after what was pressed
	// Events are what the background was told, where that is recorded.
	Events []map[string]any `json:"events"`
}

// SiteShown is what the popup shows of the page, and the background keeps.
type SiteShown struct {
	Kind   string   `json:"kind"`
	Warn   bool     `json:"warn"`
	Notice bool     `json:"notice"`
	Seen   []string `json:"seen"`
	By     []string `json:"by"`
	Title  Text     `json:"title"`
	Detail Text     `json:"detail"`
}

// Entry is the site's entry in the extension's ledger.
type Entry struct {
	Probes int  `json:"probes"`
	Calls  int  `json:"calls"`
	Data   int  `json:"data"`
	Never  bool `json:"never"`
}

// Visit is the line's part on a website.
type Visit struct {
	Kind  string   `json:"kind"`
	Badge bool     `json:"badge"`
	Seen  []string `json:"seen"`
	Reads []string `json:"reads"` // the addresses of the candidates that the page was shown
	Sent  int      `json:"sent"`  // STUN packets
	Crash bool     `json:"crash,omitempty"`
	Entry *Entry   `json:"ledger,omitempty"`
}

// warning is the name of a warning in the lists of what was missed and false.
const warning = "warning"

// CompareSite judges one visit. A warning that is due and not given is missed; one
// that is given and not due is false.
func CompareSite(e scenario.SiteExpect, got SiteReply, packets []capture.STUN, since time.Time) Result {
	v := &Visit{Kind: got.Site.Kind, Badge: got.Site.Warn, Seen: got.Site.Seen, Crash: got.Crashed, Entry: got.Entry, Reads: addressesOf(got.Lines)}
	for _, p := range packets {
		if p.Time.After(since) {
			v.Sent++
		}
	}
	r := Result{Outcome: v.Kind, Findings: []string{}, Missed: []string{}, False: []string{}, Visit: v}
	if v.Badge {
		r.Findings = []string{warning}
	}
	if v.Kind != string(e.Kind) {
		r.wrong("the page is judged as %q, expected %q", v.Kind, e.Kind)
	}
	if e.Badge != nil && *e.Badge != v.Badge {
		list := &r.Missed
		if v.Badge {
			list = &r.False
		}
		*list = append(*list, warning)
	}
	if (got.Badge != "") != v.Badge {
		r.wrong("the toolbar shows %q, and the popup warns: %t", got.Badge, v.Badge)
	}
	r.shown(e, got)
	r.entry(e.Ledger, got.Entry)
	switch {
	case e.Sent == "some" && v.Sent == 0:
		r.wrong("no STUN packet came from the page")
	case e.Sent == "none" && v.Sent > 0:
		r.wrong("%d STUN packets came from the page", v.Sent)
	}
	if e.Crash == nil && v.Crash || e.Crash != nil && *e.Crash != v.Crash {
		r.wrong("the tab crashed: %t", v.Crash)
	}
	return r
}

func (r *Result) shown(e scenario.SiteExpect, got SiteReply) {
	r.addresses("reads", e.Reads, r.Visit.Reads)
	r.addresses("seen", e.Seen, got.Site.Seen)
	if e.By != nil && !slices.Equal(e.By, got.Site.By) {
		r.wrong("by: %s, expected %s", told(got.Site.By), told(e.By))
	}
	if e.Notice != nil && *e.Notice != got.Site.Notice {
		r.wrong("notice: %t", got.Site.Notice)
	}
	r.word("title", e.Title, got.Site.Title.ID)
	r.word("detail", e.Detail, got.Site.Detail.ID)
	if e.Silent && got.Heard != 0 {
		r.wrong("%d events reached the background, expected none", got.Heard)
	}
}

func (r *Result) entry(want *scenario.SiteEntry, got *Entry) {
	switch {
	case want == nil:
		return
	case want.None:
		if got != nil {
			r.wrong("the ledger has an entry: %+v", *got)
		}
		return
	case got == nil:
		r.wrong("the ledger has no entry")
		return
	}
	for _, c := range []struct {
		what string
		want *int
		got  int
	}{{"probes", want.Probes, got.Probes}, {"calls", want.Calls, got.Calls}, {"data", want.Data, got.Data}} {
		if c.want != nil && *c.want != c.got {
			r.wrong("the ledger counts %d %s, expected %d", c.got, c.what, *c.want)
		}
	}
	if want.Never != got.Never {
		r.wrong("the ledger says never: %t", got.Never)
	}
}
