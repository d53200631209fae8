package result

import (
	"net/netip"
	"slices"
	"strings"
)

// word compares one word; an empty one is not compared.
func (r *Result) word(what, want, got string) {
	if want != "" && want != got {
		r.wrong("%s is %q, expected %q", what, got, want)
	}
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

func told(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, " ")
}

// addressesOf are the user's addresses in candidate lines (RFC 8839 §5.1): the
// fifth field, where it is no mDNS name.
func addressesOf(lines []string) []string {
	out := []string{}
	for _, line := range lines {
		fields := strings.Fields(line)
		if len(fields) < 8 {
			continue
		}
		if a, err := netip.ParseAddr(fields[4]); err == nil && !slices.Contains(out, a.String()) {
			out = append(out, a.String())
		}
	}
	return out
}
