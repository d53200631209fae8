package result

import (
	"slices"

	"watertight/lab/scenario"
)

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
	shown := addressesOf(got.Candidates)
	for _, a := range want.Shows {
		if !slices.Contains(shown, a.String()) {
			r.wrong("the page is not shown %s", a)
		}
	}
	for _, a := range want.Hides {
		if slices.Contains(shown, a.String()) {
			r.wrong("the page is shown %s", a)
		}
	}
	return r
}
