package result

import (
	"maps"
	"testing"

	"watertight/lab/scenario"
)

func TestSpoke(t *testing.T) {
	before := map[string]int{"http/1.1": 3}
	for _, c := range []struct {
		want  []scenario.HTTPVersion
		after map[string]int
		ok    bool
	}{
		{nil, map[string]int{"http/1.1": 9}, true},
		{[]scenario.HTTPVersion{"h2"}, map[string]int{"http/1.1": 3, "h2": 5}, true},
		{[]scenario.HTTPVersion{"h2"}, map[string]int{"http/1.1": 4, "h2": 5}, false},
		{[]scenario.HTTPVersion{"h2"}, before, false},
		{[]scenario.HTTPVersion{"h2", "http/1.1"}, map[string]int{"http/1.1": 4, "h2": 5}, true},
	} {
		var r Result
		r.Spoke(c.want, before, c.after)
		if r.OK() != c.ok {
			t.Errorf("%v of %v: %v", c.want, c.after, r.Wrong)
		}
	}
	var r Result
	r.Spoke(nil, before, map[string]int{"http/1.1": 3, "h2": 5})
	if !maps.Equal(r.HTTP, map[string]int{"h2": 5}) {
		t.Error(r.HTTP)
	}
}
