package scenario

import (
	"fmt"
	"net/netip"
)

// maxNodes is what the server allows.
const maxNodes = 8

// NodeName is the machine of a DNS node, from 1 on.
func NodeName(i int) string { return fmt.Sprintf("node%d", i) }

// NodeAddrs are the addresses of a node: 203.0.113.61 and 2001:db8:53::61 are the first's.
func NodeAddrs(i int) []netip.Addr {
	return []netip.Addr{netip.MustParseAddr(fmt.Sprintf("203.0.113.%d", 60+i)), netip.MustParseAddr(fmt.Sprintf("2001:db8:53::%d", 60+i))}
}

// NodeNames are the machines that answer DNS and STUN in the companion's place; none
// where it does so itself.
func (s *Scenario) NodeNames() (names []string) {
	for i := range s.Nodes {
		names = append(names, NodeName(i+1))
	}
	return names
}

// NameServers are the addresses of ns1, ns2 and so on.
func (s *Scenario) NameServers() (servers [][]netip.Addr) {
	for i := range s.Nodes {
		servers = append(servers, NodeAddrs(i+1))
	}
	if s.Nodes == 0 {
		own := []netip.Addr{Companion, Companion6}
		servers = [][]netip.Addr{own, own}
	}
	return servers
}

// CheckNodes says what is wrong with the number of nodes, or "".
func (s *Scenario) CheckNodes() string {
	switch {
	case s.Nodes == 0:
		return ""
	case s.Nodes < 2 || s.Nodes > maxNodes:
		return fmt.Sprintf("must be 2 to %d: a zone has so many name servers", maxNodes)
	case s.HTTPS:
		return "does not go with https: the companion proves its names by a name server of its own"
	}
	return ""
}
