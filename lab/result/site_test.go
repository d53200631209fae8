package result

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"
	"time"

	"watertight/lab/capture"
	"watertight/lab/scenario"
)

func siteExpect(t *testing.T, text string) scenario.SiteExpect {
	t.Helper()
	s, err := scenario.Parse("t.yaml", []byte("title: t\nwhy: w\nsteps:\n  - site: {name: a, page: 'http://a.example/a.html', expect: {"+text+"}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	return s.Steps[0].Site.Expect.For("firefox")
}

const looked = `{"lines":["candidate:1 1 udp 1 198.51.100.10 5 typ srflx","candidate:2 1 udp 1 a.local 5 typ host"],"badge":"!","heard":9,
 "site":{"kind":"probe","warn":true,"notice":true,"seen":["198.51.100.10"],"by":["t.example"],"title":{"id":"site_probe_title"},"detail":{"id":"site_probe"}},
 "entry":{"probes":1,"calls":0,"data":0}}`

func TestCompareSite(t *testing.T) {
	began := time.Unix(100, 0)
	packets := []capture.STUN{
		{Source: netip.MustParseAddr("198.51.100.10"), Transport: "udp", Method: "binding", Time: began.Add(-time.Second)},
		{Source: netip.MustParseAddr("198.51.100.10"), Transport: "udp", Method: "binding", Time: began.Add(time.Second)},
	}
	for name, c := range map[string]struct{ expect, reply, missed, False, wrong string }{
		"as expected":          {"kind: probe, badge: true, notice: true, reads: [198.51.100.10], seen: [198.51.100.10], by: [t.example], title: site_probe_title, sent: some, ledger: {probes: 1, calls: 0}", looked, "", "", ""},
		"only the kind":        {"kind: probe", looked, "", "", ""},
		"a call is called so":  {"kind: call, badge: false", looked, "", "warning", `the page is judged as "probe", expected "call"`},
		"a probe missed":       {"kind: probe, badge: true", `{"site":{"kind":"nothing"}}`, "warning", "", `the page is judged as "nothing", expected "probe"`},
		"toolbar and popup":    {"kind: nothing", `{"badge":"!","site":{"kind":"nothing"}}`, "", "", `the toolbar shows "!", and the popup warns: false`},
		"what it read":         {"kind: probe, reads: [], seen: []", looked, "", "", "reads: 198.51.100.10, expected none; seen: 198.51.100.10, expected none"},
		"packets":              {"kind: probe, sent: none", looked, "", "", "1 STUN packets came from the page"},
		"a silent page":        {"kind: probe, silent: true", looked, "", "", "9 events reached the background, expected none"},
		"a crash":              {"kind: nothing", `{"crashed":true,"site":{"kind":"nothing"}}`, "", "", "the tab crashed: true"},
		"a crash that is due":  {"kind: nothing, crash: true", `{"crashed":true,"site":{"kind":"nothing"}}`, "", "", ""},
		"no entry":             {"kind: nothing, ledger: {probes: 1}", `{"site":{"kind":"nothing"}}`, "", "", "the ledger has no entry"},
		"an entry too many":    {"kind: probe, ledger: {none: true}", looked, "", "", "the ledger has an entry: {Probes:1 Calls:0 Data:0 Never:false}"},
		"counts":               {"kind: probe, ledger: {probes: 2, never: true}", looked, "", "", "the ledger counts 1 probes, expected 2; the ledger says never: false"},
		"the browser's own":    {"kind: call, firefox: {kind: probe, badge: true, why: w}", looked, "", "", ""},
		"no packet where some": {"kind: nothing, sent: some, chromium: {kind: nothing, why: w}", `{"site":{"kind":"nothing"}}`, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got SiteReply
			if err := json.Unmarshal([]byte(c.reply), &got); err != nil {
				t.Fatal(err)
			}
			r := CompareSite(siteExpect(t, c.expect), got, packets, began)
			for what, pair := range map[string][2]string{
				"missed": {strings.Join(r.Missed, " "), c.missed}, "false": {strings.Join(r.False, " "), c.False}, "wrong": {strings.Join(r.Wrong, "; "), c.wrong},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s: got %q, want %q", what, pair[0], pair[1])
				}
			}
		})
	}
	if r := CompareSite(siteExpect(t, "kind: nothing, sent: some"), SiteReply{Site: SiteShown{Kind: "nothing"}}, packets[:1], began); len(r.Wrong) != 1 {
		t.Errorf("packets from before the visit count: %v", r.Wrong)
	}
}
