package flood

import (
	"testing"

	"github.com/miekg/dns"
)

func TestQuery(t *testing.T) {
	var one, two dns.Msg
	if one.Unpack(query()) != nil || two.Unpack(query()) != nil || one.Question[0].Name == two.Question[0].Name || len(one.Question[0].Name) != len("f0..watertight.test.")+26 {
		t.Errorf("%v\n%v", &one, &two)
	}
}

func TestCounters(t *testing.T) {
	const text = "Inter-| Receive | Transmit\n face |bytes packets\n    lo:     0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0\nuplink: 1500 2 0 0 0 0 0 0 700 1 0 0 0 0 0 0\n"
	if in, out, err := counters(text, "uplink"); in != 1500 || out != 700 || err != nil {
		t.Error(in, out, err)
	}
	if _, _, err := counters(text, "eth0"); err == nil {
		t.Error("an interface that is not there")
	}
}
