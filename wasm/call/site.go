package call

import (
	"slices"

	"watertight/leak/site"
	"watertight/leak/verdict"
)

// visit is what the extension heard of one page since it last asked.
type visit struct {
	State  *site.State  `json:"state"` // as the last reply had it; null to begin
	ID     string       `json:"id"`
	Host   string       `json:"host"` // of the top-level document
	Events []site.Event `json:"events"`
	Now    int64        `json:"now"`
	// Ledger may hold the entry of this site alone.
	Ledger site.Ledger `json:"ledger"`
	// Private pages are judged and leave no trace: not in the ledger, and not in
	// the system's list of notices.
	Private bool `json:"private"`
}

// sight is what is to be told of a page.
type sight struct {
	Site    string       `json:"site"`
	Kind    site.Kind    `json:"kind"`
	Warning site.Warning `json:"warning"`
	Seen    []site.Seen  `json:"seen"`
	Counts  site.Counts  `json:"counts"`
	More    bool         `json:"more"`
	At      int64        `json:"at"`
	Alarm   int64        `json:"alarm"`
	Choice  site.Choice  `json:"choice"`
	// Why it is called so: one text for each reason, and whom it asked.
	Why     []verdict.Text `json:"why"`
	Servers []string       `json:"servers"`
}

type judged struct {
	State  site.State  `json:"state"`
	Sight  sight       `json:"sight"`
	Ledger site.Ledger `json:"ledger"`
}

// judgeSite adds events to a page's trace and says what they mean.
func judgeSite(r request) (any, *Error) {
	v := r.Visit
	if v == nil || v.ID == "" || v.Now <= 0 {
		return nil, &Error{Code: badRequest, Message: "the op needs a visit, with id and time"}
	}
	state := site.Begin(v.ID, v.Host)
	if v.State != nil && v.State.ID == v.ID {
		state = *v.State
	}
	state = site.Fold(state, v.Events)
	report := site.Examine(state, v.Now)
	entry, _ := site.Find(v.Ledger, report.Site)
	warning := site.Warn(report, entry.Choice)
	ledger := v.Ledger
	if v.Private {
		warning.Notice = false
	} else {
		ledger = site.Merge(ledger, report, v.Now)
	}
	return judged{State: state, Ledger: ledger, Sight: sight{
		Site: report.Site, Kind: report.Kind, Warning: warning, Seen: report.Seen, Counts: report.Counts,
		More: report.More, At: report.At, Alarm: report.Alarm, Choice: entry.Choice,
		Why: reasons(report), Servers: report.Servers,
	}}, nil
}

// reasons gives what made the connections what the page is called after.
func reasons(r site.Report) []verdict.Text {
	kind := r.Kind
	if kind == site.Both {
		kind = site.Probe
	}
	out := []verdict.Text{}
	for _, c := range r.Connections {
		known := slices.ContainsFunc(out, func(t verdict.Text) bool { return t.ID == c.Text.ID })
		if c.Kind == kind && !known {
			out = append(out, c.Text)
		}
	}
	return out
}

// book is an order about the ledger.
type book struct {
	Ledger site.Ledger `json:"ledger"`
	Do     string      `json:"do"` // site, list, export, erase, trim, warn, never, dismiss, noticed
	Host   string      `json:"host"`
	Now    int64       `json:"now"`
}

// listed is one site of the ledger, with its sentence.
type listed struct {
	site.ExportSite
	Title  verdict.Text `json:"title"`
	Detail verdict.Text `json:"detail"`
	Lines  []site.Line  `json:"lines"`
}

// keepSites does what is ordered, and gives the ledger as it is then.
func keepSites(r request) (any, *Error) {
	b := r.Book
	if b == nil {
		return nil, &Error{Code: badRequest, Message: "the op needs a book"}
	}
	entry, _ := site.Find(b.Ledger, b.Host)
	choice := entry.Choice
	switch b.Do {
	case "site":
		return map[string]string{"site": site.Of(b.Host)}, nil
	case "list":
		return listSites(b.Ledger, b.Now), nil
	case "export":
		return site.ForExport(b.Ledger, b.Now), nil
	case "erase":
		return site.Erase(b.Ledger, b.Host), nil
	case "trim":
		return site.Merge(b.Ledger, site.Report{}, b.Now), nil
	case "warn":
		choice.Never, choice.Dismissed = false, 0
	case "never":
		choice.Never = true
	case "dismiss":
		choice.Dismissed = b.Now
	case "noticed":
		choice.Noticed = b.Now
	default:
		return nil, &Error{Code: badRequest, Message: "the order is not known"}
	}
	return site.Choose(b.Ledger, b.Host, choice, b.Now), nil
}

// listSites puts the ledger in words.
func listSites(l site.Ledger, now int64) []listed {
	out := []listed{}
	for _, s := range site.ForExport(l, now).Sites {
		w := site.Warn(site.Report{Site: s.Site, Kind: s.Kind, Counts: s.Counts, Seen: s.Seen, At: now}, site.Choice{})
		out = append(out, listed{ExportSite: s, Title: w.Title, Detail: w.Detail, Lines: w.Seen})
	}
	return out
}

// wall is the question how to block.
type wall struct {
	Browser string   `json:"browser"`
	Version string   `json:"version"`
	Sites   []string `json:"sites"`
}

// blockSites says how sites are blocked in this browser.
func blockSites(r request) (any, *Error) {
	if r.Wall == nil {
		return nil, &Error{Code: badRequest, Message: "the op needs a wall"}
	}
	return site.Block(r.Wall.Browser, r.Wall.Version, r.Wall.Sites), nil
}
