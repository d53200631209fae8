package site

import (
	"slices"
	"strings"

	"watertight/leak/address"
	"watertight/leak/verdict"
)

// Warning says whether to tell the user of a page, and what.
type Warning struct {
	Badge  bool `json:"badge"`
	Notice bool `json:"notice"` // once for each site; set Choice.Noticed when it is shown
	// Title and Detail are for the popup, with or without a badge, and for the
	// notice.
	Title  verdict.Text `json:"title"`
	Detail verdict.Text `json:"detail"`
	Seen   []Line       `json:"seen"` // what the page saw, worst first
}

// Line is one address in words.
type Line struct {
	Text    verdict.Text `json:"text"`
	Address string       `json:"address"`
}

// Warn decides. A page that looked and was shown nothing of the user has learned
// nothing: it is named in the popup, and raises no badge. What was dismissed comes
// back only when a probe sees an address afterwards.
func Warn(r Report, c Choice) Warning {
	c = cleanChoice(c)
	w := Warning{Title: text(titles[r.Kind]), Detail: text(details[r.Kind]), Seen: lines(r)}
	if w.Title.ID == "" {
		w.Title, w.Detail = text(msgNothingTitle), text(msgNothingDetail)
	}
	if r.Kind != Probe && r.Kind != Both {
		return w
	}
	if r.Counts.Reads == 0 {
		w.Title, w.Detail = text(msgBlindTitle), text(msgBlindDetail)
		return w
	}
	dismissed := c.Dismissed
	if dismissed > r.At+clockSlack {
		dismissed = 0 // a clock that was set back must not silence a site until then
	}
	w.Badge = !c.Never && r.Probed > dismissed
	w.Notice = w.Badge && c.Noticed == 0 && c.Dismissed == 0
	read := text(msgProbeDetail, addresses(r))
	if by := thirds(r); by != "" {
		read = text(msgProbeByDetail, addresses(r), by)
	}
	w.Title, w.Detail = text(titles[r.Kind], named(r.Site)), read
	return w
}

var titles = map[Kind]string{
	Nothing: msgNothingTitle, Undecided: msgUndecidedTitle, Call: msgCallTitle, Data: msgDataTitle,
	Loopback: msgLoopbackTitle, Probe: msgProbeTitle, Both: msgBothTitle,
}

var details = map[Kind]string{
	Nothing: msgNothingDetail, Undecided: msgUndecidedDetail, Call: msgCallDetail, Data: msgDataDetail,
	Loopback: msgLoopbackDetail,
}

// named gives a site a name also where it has none.
func named(site string) string {
	if site == "" {
		return "?"
	}
	return site
}

// maxListed is how many names a sentence can hold.
const maxListed = 3

// addresses lists what probes saw. There is always something to read.
func addresses(r Report) string {
	var list []string
	for _, x := range ranked(r.Seen) {
		if x.Probe && !slices.Contains(list, x.Address) {
			list = append(list, x.Address)
		}
	}
	return joined(list)
}

// thirds lists whose frames read addresses, or "" if it was the page's own.
func thirds(r Report) string {
	var list []string
	for _, p := range r.Parties {
		if p.Counts.Reads == 0 {
			continue
		}
		if p.Site == r.Site {
			return ""
		}
		list = append(list, p.Site)
	}
	if len(list) == 0 {
		return ""
	}
	return joined(list)
}

func joined(list []string) string {
	switch {
	case len(list) == 0:
		return "?"
	case len(list) > maxListed:
		return strings.Join(list[:maxListed], ", ") + " …"
	}
	return strings.Join(list, ", ")
}

// ranked puts public addresses first and names a hardware address before others.
func ranked(seen []Seen) []Seen {
	rank := func(x Seen) int {
		switch {
		case x.Hardware:
			return 0
		case x.Class.IsLocal():
			return 2
		}
		return 1
	}
	out := slices.Clone(seen)
	slices.SortStableFunc(out, func(a, b Seen) int { return rank(a) - rank(b) })
	return out
}

// lines says what the page saw, each address once.
func lines(r Report) []Line {
	out := []Line{}
	for _, x := range ranked(r.Seen) {
		if slices.ContainsFunc(out, func(l Line) bool { return l.Address == x.Address }) {
			continue
		}
		id := msgSawPublic
		switch {
		case x.Hardware:
			id = msgSawHardware
		case x.Class.IsLocal():
			id = msgSawLocal
		case x.Class == address.Invalid || x.Address == "":
			continue
		}
		out = append(out, Line{Text: text(id, x.Address), Address: x.Address})
	}
	return out
}
