package verdict

import "testing"

// TestRecordOneFamily holds that a companion of one family records that family,
// and that IPv6 which came without its exit is no connection to record.
func TestRecordOneFamily(t *testing.T) {
	for _, g := range readGoldens(t) {
		switch g.Name {
		case "companion-without-ipv6", "companion-without-ipv4":
			if r, refused := Record(g.evidence(t), "Home"); refused != nil || len(r.Home.Exits) != 1 {
				t.Errorf("%s: recorded %+v, refused %+v", g.Name, r, refused)
			}
		case "exit-ipv6-hidden-but-frame-came":
			if _, refused := Record(g.evidence(t), "Home"); refused == nil || refused.ID != msgBaselineExit {
				t.Errorf("%s: refused %+v", g.Name, refused)
			}
		}
	}
}
