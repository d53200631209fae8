package call

import (
	"encoding/json"
	"testing"
)

// FuzzHandle holds that every request gets a reply that is JSON with a value or
// an error, that nothing panics, and that evidence which is not final never
// becomes clear.
func FuzzHandle(f *testing.F) {
	for _, request := range []string{
		"", "null", "{}", `{"op":"version"}`, `{"op":"judge"}`, `{"op":"judge","evidence":{"version":1}}`,
		`{"op":"judge","evidence":{"version":1,"final":true,"browser":"firefox","policy":{"value":"default"},
		"exits":[{"family":4,"status":"ok","address":"192.0.2.10","network":{"prefix":"192.0.2.0/24","asn":64510,"org":"Example VPN"}},
		{"family":6,"status":"ok","address":"2001:db8:100::10","network":null}],"companion":{"families":[4,6]},
		"dns":{"status":"ok","sent":["f0","x0"],"sightings":[{"label":"f0","resolver":"198.51.100.53","ecs":"198.51.100.0/24"},{"label":"x0","resolver":"::1"}]},
		"ice":[{"frame":4,"status":"complete","candidates":["candidate:1 1 udp 1 198.51.100.10 5 typ srflx raddr 10.0.0.1 rport 5",""],"errors":[{"url":"","code":701}]}],
		"networks":{"198.51.100.10":{"asn":64500}},
		"baseline":{"networks":[{"name":"Home","exits":[{"prefix":"198.51.100.0/24","asn":64500}],"resolvers":[{"asn":13335}]}]}}}`,
		`{"op":"baseline","name":"Home","evidence":` + home + `}`,
		`{"op":"judge","evidence":{"version":1,"deep":true,"history":[{"exits":[{"asn":1}],"resolvers":[{}]},7],
		"paths":[{"transport":"udp","family":4,"address":"198.51.100.10","network":null},5],
		"dns":{"status":"ok","trr":false,"dnssec":{"valid":"resolved","broken":"failed"},"sent":["f0","x0","v0","f50"],"sightings":[{"label":"f50","resolver":"192.0.2.1"}]},
		"ice":[{"frame":4,"status":"timeout","permission":"granted","stun53":"silent","candidates":["candidate:1 1 udp 1 10.0.0.1 5 typ host"]}]}}`,
		`{"op":"harden","state":{` + leaking + `,"trigger":"check"}}`,
		`{"op":"harden","state":{` + leaking + `,"trigger":"lease","wish":{"site":"call.example","tab":7,"minutes":30},
		"seal":{"phase":"","want":"default","result":"sealed","attempts":[{"policy":"default","addresses":["198.51.100.10"]}]},"lease":{"phase":"active","until":5}}}`,
		`{"op":"calls","evidence":` + home + `}`,
		`{"op":"site","visit":{"id":"x","host":"a.example","now":9,"state":{"version":1,"id":"x","conns":[{"party":7}]},"ledger":{"sites":[{"site":"a.example"},7]},
		"events":[{"kind":"construct","conn":1,"at":1},{"kind":"candidate","conn":1,"at":2,"line":"candidate:1 1 udp 1 10.0.0.1 5 typ host"},{"kind":"frame-gone","at":3}]}}`,
		`{"op":"sites","book":{"do":"list","now":5,"ledger":{"sites":[{"site":"a.example","seen":[{"address":"x"}],"counts":{"probes":-1}}]}}}`,
		`{"op":"block","wall":{"browser":"chromium","version":"156.0","sites":["a.example","","*"]}}`,
		`{"op":"judge","evidence":{"version":1,"dns":5,"ice":[1],"exits":[null],"networks":{"x":[]},"baseline":{"networks":[{}]}}}`,
	} {
		f.Add(request)
	}
	f.Fuzz(func(t *testing.T, request string) {
		r := call(t, request)
		if r.Error != nil {
			if r.Error.Code == panicked {
				t.Fatal("panic")
			}
			return
		}
		if r.Value[0] == '[' { // the list of sites: no verdict
			return
		}
		var v struct {
			Outcome string
			Final   bool
			Rows    []struct{ Outcome string }
		}
		if err := json.Unmarshal(r.Value, &v); err != nil {
			t.Fatal(err)
		}
		if v.Outcome != "clear" {
			return
		}
		if !v.Final {
			t.Fatal("clear before the end")
		}
		for _, row := range v.Rows {
			if row.Outcome != "clear" {
				t.Fatalf("all clear with a row %s", row.Outcome)
			}
		}
	})
}
