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

// TestAttestedOverTCP holds that TCP accuses only of what websites do not see
// anyway: IPv6 past the VPN is the exit's row, and no policy hides it from a
// relay's server. Over UDP, in whatever order, it is WebRTC's.
func TestAttestedOverTCP(t *testing.T) {
	const six, other = "2001:db8:100:1::10", "198.51.100.10"
	for name, c := range map[string]struct {
		paths []Attested
		want  string
	}{
		"the exit over TCP":         {[]Attested{{Transport: "tcp", Address: six}}, ""},
		"the exit over both":        {[]Attested{{Transport: "tcp", Address: six}, {Transport: "udp", Address: six}}, six},
		"another address over TCP":  {[]Attested{{Transport: "tcp", Address: other}}, other},
		"the exit over UDP, alone":  {[]Attested{{Transport: "udp", Address: six}}, six},
		"the exit over TCP, mapped": {[]Attested{{Transport: "tcp", Address: "::ffff:192.0.2.10"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			j := judge(Evidence{Paths: c.paths, Exits: []Exit{
				{Family: 4, Status: "ok", Address: "192.0.2.10"}, {Family: 6, Status: "ok", Address: six},
			}})
			got := ""
			for _, s := range j.attested(j.gathered) {
				got += s.addr.String()
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
