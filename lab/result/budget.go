package result

import (
	"slices"

	"watertight/lab/scenario"
)

// MaxTries is how often a check is made until its budget is met. A budget is
// about the product: another program that takes the processor only adds time, so
// the best of several checks says more of the product than the first one does.
const MaxTries = 9

func (r *Result) budget(b *scenario.Budget) {
	r.Wrong = append(r.Wrong, missed(b, r.MS)...)
}

// Late says that all was as expected but the time.
func (r Result) Late(b *scenario.Budget) bool {
	late := missed(b, r.MS)
	return len(late) > 0 && slices.Equal(r.Wrong, late) && len(r.Missed)+len(r.False) == 0 && r.Error == ""
}

// Again joins a late result with that of another try. Only time may differ: a
// try with anything else wrong stands as it is.
func (r Result) Again(b *scenario.Budget, next Result) Result {
	best := MS{FirstPaint: faster(r.MS.FirstPaint, next.MS.FirstPaint), Verdict: faster(r.MS.Verdict, next.MS.Verdict)}
	if next.OK() || next.Late(b) {
		next.MS, next.Wrong = best, missed(b, best)
	}
	next.Tries, next.FirstMS = max(r.Tries, 1)+1, r.FirstMS
	if next.FirstMS == nil {
		next.FirstMS = &MS{FirstPaint: r.MS.FirstPaint, Verdict: r.MS.Verdict}
	}
	return next
}

// faster is the lesser of two times, where zero is no time at all.
func faster(a, b float64) float64 {
	if a <= 0 || b > 0 && b < a {
		return b
	}
	return a
}

func missed(b *scenario.Budget, ms MS) []string {
	if b == nil {
		return nil
	}
	var r Result
	r.within("verdict", ms.Verdict, b.VerdictMS)
	r.within("first paint", ms.FirstPaint, b.FirstPaintMS)
	return r.Wrong
}

func (r *Result) within(what string, ms float64, budget int) {
	switch {
	case budget > 0 && ms <= 0:
		r.wrong("%s was not measured, budget %d ms", what, budget)
	case budget > 0 && ms > float64(budget):
		r.wrong("%s after %.0f ms, budget %d ms", what, ms, budget)
	}
}
