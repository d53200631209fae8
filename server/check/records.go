package check

import (
	"fmt"
	"net/netip"
	"strings"
)

// Records are what the registrar, or the zone above, has to hold, as lines of a
// zone file. There is no DS record among them: the zone is not signed, and a DS
// would make every validating resolver refuse it.
func Records(zone string, servers [][]netip.Addr) []string {
	var list []string
	record := func(name, kind, data string) {
		list = append(list, fmt.Sprintf("%-*s %-4s %s", len(zone)+5, name, kind, data))
	}
	for i := range servers {
		record(zone+".", "NS", server(zone, i))
	}
	for i, addresses := range servers {
		for _, a := range addresses {
			kind := "A"
			if a.Is6() {
				kind = "AAAA"
			}
			record(server(zone, i), kind, a.String())
		}
	}
	return list
}

func server(zone string, i int) string { return fmt.Sprintf("ns%d.%s.", i+1, zone) }

// names of the name servers.
func (c Config) serverNames() (list []string) {
	for i := range c.Servers {
		list = append(list, server(c.Zone, i))
	}
	return list
}

// above is the zone in which the records are made, if no one knows better.
func above(zone string) string {
	_, parent, _ := strings.Cut(zone, ".")
	if parent == "" {
		return "the root"
	}
	return parent
}
