package verdict

import "testing"

// TestAttestedOnce holds that an address counts once: over UDP and TCP, and
// where a candidate shows it anyway, which is the stronger evidence.
func TestAttestedOnce(t *testing.T) {
	ev := Evidence{
		ICE: []ICE{{Frame: 4, Status: "complete", Candidates: []string{srflxOfExit}}},
		Paths: []Attested{
			{Transport: "udp", Address: "198.51.100.10"}, {Transport: "tcp", Address: "::ffff:198.51.100.10"},
			{Transport: "udp", Address: "192.0.2.10"},
		},
	}
	j := judge(ev)
	got := j.attested(j.gathered)
	if len(got) != 1 || got[0].addr.String() != "198.51.100.10" || got[0].via != "attested" || got[0].own {
		t.Errorf("attested %+v", got)
	}
	ev.Paths = make([]Attested, maxPaths+1)
	for i := range ev.Paths {
		ev.Paths[i] = Attested{Transport: "udp", Address: "192.0.2.10"}
	}
	if j := judge(ev); len(j.rows[rowWebRTC].unknowns) == 0 {
		t.Error("a flood of paths is taken as if it were read")
	}
}
