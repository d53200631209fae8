package verdict

import (
	"testing"

	"watertight/leak/steps"
)

// stepless is advice without steps: what the extension seals by itself, what is
// somebody's choice, and what an administrator must do.
var stepless = map[string]bool{
	msgFixWebRTCChromium: true, msgFixWebRTCFirefox: true, msgFixDNSPublic: true,
	msgFixPolicyManagedChromium: true, msgFixPolicyManagedFirefox: true, msgFixPolicyMeasured: true,
}

// TestSteps holds that every finding of every golden file, on every system and in
// every browser, has steps if its advice is to have some.
func TestSteps(t *testing.T) {
	met := map[string]bool{}
	for _, g := range readGoldens(t) {
		ev := g.evidence(t)
		for _, os := range []string{"windows", "mac", "linux", "chromeos", "android", "", "?"} {
			for _, browser := range []string{"chromium", "firefox"} {
				ev.OS, ev.Browser = os, browser
				v := Judge(ev)
				for _, f := range v.Findings {
					met[f.ID] = true
					if n := len(f.Steps); (n == 0) != stepless[f.Fix.ID] || n > steps.Max || f.Steps == nil {
						t.Errorf("%s on %q in %s: %s, advised %s, has %d steps", g.Name, os, browser, f.ID, f.Fix.ID, n)
					}
				}
			}
		}
	}
	for _, id := range order {
		if !met[id] {
			t.Errorf("no golden file has %s", id)
		}
	}
}

// TestAdviceIsWhole holds that every text that advises is one that has steps or
// one that needs none.
func TestAdviceIsWhole(t *testing.T) {
	for id := range arity {
		if len(id) > 4 && id[:4] == "fix_" && (advice[id] == "") != stepless[id] {
			t.Errorf("%s: advice %q, without steps: %v", id, advice[id], stepless[id])
		}
	}
}
