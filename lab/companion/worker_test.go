package companion

import (
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func TestWorkerArgs(t *testing.T) {
	s := scenario.Scenario{Nodes: 2}
	got := strings.Join(WorkerArgs([]string{"workerd", "--root", "/tree"}, "networks.csv", "a key", s.NameServers()), " ")
	want := "workerd --root /tree --http 203.0.113.53:80,[2001:db8:53::53]:80 --networks networks.csv --keep " +
		"--var ZONE=watertight.test --var ADDRESSES=203.0.113.61,2001:db8:53::61 --var REPORT_KEYS=a key"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
