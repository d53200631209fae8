package companion

import (
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func TestNodeArgs(t *testing.T) {
	s := scenario.Scenario{Nodes: 2}
	got := strings.Join(NodeArgs("server", "keys", "sig", s.NameServers(), 1), " ")
	want := "server --zone watertight.test --ip4 203.0.113.62 --ip6 2001:db8:53::62 --dns 203.0.113.62:53,[2001:db8:53::62]:53 --stun 203.0.113.62:3478,[2001:db8:53::62]:3478 " +
		"--dnssec-key sig --api 203.0.113.53,2001:db8:53::53 --report http://203.0.113.53 --report-plain --report-key keys " +
		"--ns 203.0.113.61,2001:db8:53::61 --ns 203.0.113.62,2001:db8:53::62"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
