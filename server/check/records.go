package check

import (
	"fmt"
	"net/netip"
	"strings"
)

// Records are what the registrar, or the zone above, has to hold, as lines of a
// zone file. There is no DS record among them: the zone is not signed, and a DS
// would make every validating resolver refuse it.
func Records(zone string, ip4, ip6 netip.Addr) []string {
	var list []string
	record := func(name, kind, data string) {
		list = append(list, fmt.Sprintf("%-*s %-4s %s", len(zone)+5, name, kind, data))
	}
	servers := servers(zone)
	for _, s := range servers {
		record(zone+".", "NS", s)
	}
	for _, s := range servers {
		if ip4.IsValid() {
			record(s, "A", ip4.String())
		}
		if ip6.IsValid() {
			record(s, "AAAA", ip6.String())
		}
	}
	return list
}

func servers(zone string) []string { return []string{"ns1." + zone + ".", "ns2." + zone + "."} }

// above is the zone in which the records are made, if no one knows better.
func above(zone string) string {
	_, parent, _ := strings.Cut(zone, ".")
	if parent == "" {
		return "the root"
	}
	return parent
}
