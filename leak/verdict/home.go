package verdict

import "strings"

// atHome reports whether a place is in the network of the user's own
// connection, as the baseline recorded it.
func (j *judgement) atHome(p place) bool { return len(j.homesOf(p)) > 0 }

// homesOf lists the recorded connections whose network a place is in.
func (j *judgement) homesOf(p place) []Home {
	return j.recorded(p, func(h Home) []Network { return h.Exits })
}

// homeResolver reports whether a place is where the user's own connection had
// its DNS answered.
func (j *judgement) homeResolver(p place) bool {
	return len(j.recorded(p, func(h Home) []Network { return h.Resolvers })) > 0
}

func (j *judgement) recorded(p place, of func(Home) []Network) []Home {
	if j.ev.Baseline == nil {
		return nil
	}
	var out []Home
	for _, home := range j.ev.Baseline.Networks {
		for _, n := range of(home) {
			if compare(p, place{net: &n}) == same {
				out = append(out, home)
				break
			}
		}
	}
	return out
}

// homeName names the recorded connection that a place is in, "" if that cannot
// be told: home and phone are often of one operator, and then only the one whose
// very prefix it is can be named.
func (j *judgement) homeName(p place) string {
	homes := j.homesOf(p)
	for _, h := range homes {
		for _, n := range h.Exits {
			if holds(n.Prefix, p.addr) {
				return strings.TrimSpace(h.Name)
			}
		}
	}
	if len(homes) == 1 {
		return strings.TrimSpace(homes[0].Name)
	}
	return ""
}
