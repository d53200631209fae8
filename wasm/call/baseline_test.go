package call

import (
	"encoding/json"
	"strings"
	"testing"

	"watertight/leak/verdict"
)

const home = `{"version":1,"browser":"firefox","final":true,
	"exits":[{"family":4,"status":"ok","address":"198.51.100.10","network":{"prefix":"198.51.100.0/24","asn":64500,"org":"Example ISP","country":"SE"}},
		{"family":6,"status":"failed","reason":"network"}],
	"dns":{"status":"ok","sent":["f0"],"sightings":[{"label":"f0","resolver":"198.51.100.53","network":{"prefix":"198.51.100.0/24","asn":64500,"org":"Example ISP","country":"SE"}}]},
	"ice":[]}`

func TestBaseline(t *testing.T) {
	r := call(t, `{"op":"baseline","name":" Home ","evidence":`+home+`}`)
	const want = `{"home":{"name":"Home","exits":[{"prefix":"198.51.100.0/24","asn":64500,"org":"Example ISP","country":"","kind":""}],` +
		`"resolvers":[{"prefix":"198.51.100.0/24","asn":64500,"org":"Example ISP","country":"","kind":""}]},"warning":null}`
	if string(r.Value) != want {
		t.Fatalf("recorded %s", r.Value)
	}
	var made struct{ Home verdict.Home }
	if err := json.Unmarshal(r.Value, &made); err != nil {
		t.Fatal(err)
	}
	var ev verdict.Evidence
	if err := json.Unmarshal([]byte(home), &ev); err != nil {
		t.Fatal(err)
	}
	ev.Baseline = &verdict.Baseline{Networks: []verdict.Home{made.Home}}
	v := verdict.Judge(ev)
	if len(v.Findings) != 1 || v.Findings[0].ID != verdict.VPNOff || v.Headline.Args[1] != "Home" {
		t.Errorf("the same connection again: %+v", v.Findings)
	}
}

func TestBaselineRefused(t *testing.T) {
	change := func(old, new string) string { return strings.Replace(home, old, new, 1) }
	for name, c := range map[string]struct{ evidence, text string }{
		"unfinished":         {change(`"final":true`, `"final":false`), "baseline_unfinished"},
		"no exit":            {change(`"family":4,"status":"ok"`, `"family":4,"status":"failed"`), "baseline_exit"},
		"exit in the house":  {change("198.51.100.10", "192.168.1.10"), "baseline_exit"},
		"garbled IPv6":       {change(`"reason":"network"`, `"reason":"garbage"`), "baseline_exit"},
		"network not known":  {change(`"asn":64500,"org":"Example ISP"`, `"asn":0,"org":""`), "baseline_network"},
		"resolver not known": {change(`"198.51.100.53","network":{"prefix":"198.51.100.0/24","asn":64500,"org":"Example ISP","country":"SE"}`, `"203.0.113.9"`), "baseline_dns"},
		"no resolver":        {change(`{"label":"f0"`, `{"label":"?"`), "baseline_dns"},
		"DNS report broken":  {change(`"dns":{"status":"ok"`, `"dns":{"status":"failed"`), "baseline_dns"},
		"no DNS":             {change(`"dns":{"status":"ok"`, `"dns":{"status":"skipped","reason":"no-zone"`), "baseline_dns"},
		"half a deep test":   {change(`"final":true`, `"final":true,"deep":true`), "baseline_dns"},
	} {
		r := call(t, `{"op":"baseline","name":"Home","evidence":`+c.evidence+`}`)
		if r.Error == nil || r.Error.Code != notEnough || r.Error.Text == nil || r.Error.Text.ID != c.text {
			t.Errorf("%s: %+v %s", name, r.Error, r.Value)
		}
	}
	for _, request := range []string{
		`{"op":"baseline","name":"Home"}`, `{"op":"baseline","name":"  ","evidence":` + home + `}`,
		`{"op":"baseline","name":"` + strings.Repeat("x", maxName+1) + `","evidence":` + home + `}`,
		`{"op":"baseline","name":7,"evidence":` + home + `}`, `{"op":"baseline","name":"x","evidence":{}}`,
	} {
		if r := call(t, request); r.Error == nil || r.Error.Code != badRequest {
			t.Errorf("%.60s: %+v", request, r.Error)
		}
	}
}

// TestBaselineWarns holds that a connection which looks as if the VPN were on is
// recorded only with a question.
func TestBaselineWarns(t *testing.T) {
	for name, evidence := range map[string]string{
		"a data centre": strings.Replace(home, `"org":"Example ISP"`, `"kind":"hosting","org":"Example ISP"`, 1),
		"DNS elsewhere": strings.Replace(home, `"asn":64500,"org":"Example ISP"`, `"asn":64510,"org":"Example VPN"`, 1),
	} {
		r := call(t, `{"op":"baseline","name":"Home","evidence":`+evidence+`}`)
		if r.Error != nil || !strings.Contains(string(r.Value), `"warning":{"id":"baseline_vpn"`) {
			t.Errorf("%s: %+v %s", name, r.Error, r.Value)
		}
	}
}
