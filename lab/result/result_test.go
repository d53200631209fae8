package result

import (
	"encoding/json"
	"strings"
	"testing"

	"watertight/lab/scenario"
)

func expect(t *testing.T, text string) scenario.Expect {
	t.Helper()
	s, err := scenario.Parse("t.yaml", []byte("title: t\nwhy: w\nexpect:\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return *s.Expect
}

func reply(t *testing.T, text string) Reply {
	t.Helper()
	var r Reply
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

const leaky = `{"outcome":"leak","findings":["ipv6-bypass","dns-mixed"],"ms":{"first_paint":80.5,"verdict":900},
 "verdict":{"rows":[{"id":"dns","outcome":"leak"}],"findings":[
  {"id":"ipv6-bypass","certainty":"likely","exposes":"Example ISP","evidence":[{"address":"2001:DB8:100:1:0::10"}]},
  {"id":"dns-mixed","certainty":"likely"}]}}`

func TestCompare(t *testing.T) {
	for name, c := range map[string]struct{ expect, reply, missed, False, wrong string }{
		"as expected": {" outcome: leak\n findings: [dns-mixed, {id: ipv6-bypass, certainty: likely, exposes: Example ISP, evidence: ['2001:db8:100:1::10']}]\n rows: {dns: leak}\n budget: {verdict_ms: 900, first_paint_ms: 100}",
			leaky, "", "", ""},
		"chance":                     {" outcome: clear\n or: unknown\n why: loss\n findings: []", `{"outcome":"unknown"}`, "", "", ""},
		"chance is no leave to leak": {" outcome: clear\n or: unknown\n why: loss\n findings: []", `{"outcome":"leak"}`, "", "", "outcome is leak, expected clear"},
		"missed and false":           {" outcome: leak\n findings: [dns-mixed, dns-isp-resolver]", leaky, "dns-isp-resolver", "ipv6-bypass", ""},
		"all false":                  {" outcome: clear\n findings: []", leaky, "", "dns-mixed ipv6-bypass", "outcome is leak, expected clear"},
		"clear for unknown":          {" outcome: unknown\n findings: []", `{"outcome":"clear","findings":[]}`, "", "", "outcome is clear, expected unknown"},
		"certainty":                  {" outcome: leak\n findings: [dns-mixed, {id: ipv6-bypass, certainty: proven}]", leaky, "", "", "ipv6-bypass is likely, expected proven"},
		"exposes":                    {" outcome: leak\n findings: [dns-mixed, {id: ipv6-bypass, exposes: X}]", leaky, "", "", `ipv6-bypass exposes to "Example ISP", expected "X"`},
		"evidence":                   {" outcome: leak\n findings: [dns-mixed, {id: ipv6-bypass, evidence: [192.0.2.1]}]", leaky, "", "", "ipv6-bypass does not show 192.0.2.1"},
		"row":                        {" outcome: leak\n findings: [dns-mixed, ipv6-bypass]\n rows: {dns: clear, exit: clear}", leaky, "", "", "row exit is missing; row dns is leak, expected clear"},
		"budget":                     {" outcome: leak\n findings: [dns-mixed, ipv6-bypass]\n budget: {verdict_ms: 899, first_paint_ms: 80}", leaky, "", "", "verdict after 900 ms, budget 899 ms; first paint after 80 ms, budget 80 ms"},
		"no time":                    {" outcome: clear\n budget: {verdict_ms: 1000}", `{"outcome":"clear"}`, "", "", "verdict was not measured, budget 1000 ms"},
		"only in the popup":          {" outcome: leak\n findings: [dns-mixed]", `{"outcome":"leak","findings":["dns-mixed"]}`, "", "", "dns-mixed is shown, but is not in the verdict"},
	} {
		t.Run(name, func(t *testing.T) {
			r := Compare(expect(t, c.expect), reply(t, c.reply))
			for what, pair := range map[string][2]string{
				"missed": {strings.Join(r.Missed, " "), c.missed}, "false": {strings.Join(r.False, " "), c.False}, "wrong": {strings.Join(r.Wrong, "; "), c.wrong},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s: got %q, want %q", what, pair[0], pair[1])
				}
			}
			if r.OK() != (c.missed+c.False+c.wrong == "") {
				t.Error("OK does not agree")
			}
		})
	}
}

// The line is a contract: its keys, and lists that are never null.
func TestLine(t *testing.T) {
	r := Compare(expect(t, " outcome: clear"), reply(t, `{"outcome":"clear","ms":{"first_paint":1,"verdict":2}}`))
	r.Scenario, r.Browser = "s", "firefox"
	line, err := json.Marshal(r)
	if want := `{"scenario":"s","browser":"firefox","outcome":"clear","findings":[],"missed":[],"false":[],"ms":{"first_paint":1,"verdict":2}}`; err != nil || string(line) != want {
		t.Errorf("got %s (%v)", line, err)
	}
}
