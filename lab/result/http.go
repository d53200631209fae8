package result

import (
	"maps"
	"slices"

	"watertight/lab/scenario"
)

// Spoke adds in which versions of HTTP the companion was asked between two counts, and
// compares them.
func (r *Result) Spoke(want []scenario.HTTPVersion, before, after map[string]int) {
	r.HTTP = map[string]int{}
	for version, n := range after {
		if n -= before[version]; n > 0 {
			r.HTTP[version] = n
		}
	}
	if want == nil {
		return
	}
	var wanted []string
	for _, version := range want {
		wanted = append(wanted, string(version))
	}
	slices.Sort(wanted)
	if got := slices.Sorted(maps.Keys(r.HTTP)); !slices.Equal(got, wanted) {
		r.wrong("the companion was asked over %s, expected %s", told(got), told(wanted))
	}
}
