package call

import (
	"encoding/json"
	"strings"
	"testing"

	"watertight/leak/site"
)

// ask sends one request and reads the value, which must be there.
func ask[T any](t *testing.T, request map[string]any) T {
	t.Helper()
	data, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	r := call(t, string(data))
	var v T
	if r.Error != nil || json.Unmarshal(r.Value, &v) != nil {
		t.Fatalf("%.200s: %+v", data, r.Error)
	}
	return v
}

const page = "www.shop.example"

// probing is a page that reads an address and closes.
func probing(at int64) []map[string]any {
	event := func(kind string, more map[string]any) map[string]any {
		e := map[string]any{"kind": kind, "frame": 0, "conn": 1, "at": at, "host": page}
		for k, v := range more {
			e[k] = v
		}
		return e
	}
	return []map[string]any{
		event("construct", nil), event("ice-servers", map[string]any{"servers": []map[string]any{{"kind": "stun", "host": "stun.example"}}}), event("data-channel", nil), event("local-description", map[string]any{"key": "abcd"}),
		event("candidate", map[string]any{"line": "candidate:1 1 udp 1 198.51.100.10 5 typ srflx raddr 0.0.0.0 rport 0"}),
		event("close", nil),
	}
}

// TestSite plays a visit as the extension does: what comes back goes in again.
func TestSite(t *testing.T) {
	visit := map[string]any{"id": "one", "host": page, "now": 1000, "state": nil, "ledger": nil, "private": false}
	first := ask[judged](t, map[string]any{"op": "site", "visit": visit})
	if first.Sight.Kind != site.Nothing || first.Sight.Site != "shop.example" || first.Sight.Warning.Badge || len(first.Ledger.Sites) != 0 {
		t.Errorf("begins with %+v", first.Sight)
	}
	visit["state"], visit["events"], visit["now"] = first.State, probing(2000), 2100
	second := ask[judged](t, map[string]any{"op": "site", "visit": visit})
	if w := second.Sight.Warning; second.Sight.Kind != site.Probe || !w.Badge || !w.Notice || len(w.Seen) != 1 || len(second.Ledger.Sites) != 1 {
		t.Errorf("a probe: %+v", second.Sight)
	}
	if s := second.Sight; len(s.Why) != 1 || s.Why[0].ID != "site_why_closed" || len(s.Servers) != 1 || s.Servers[0] != "stun:stun.example" {
		t.Errorf("why: %+v, asked %q", s.Why, s.Servers)
	}
	book := map[string]any{"ledger": second.Ledger, "do": "noticed", "host": "shop.example", "now": 2200}
	ledger := ask[site.Ledger](t, map[string]any{"op": "sites", "book": book})
	visit["state"], visit["events"], visit["ledger"], visit["now"] = second.State, nil, ledger, 2300
	if again := ask[judged](t, map[string]any{"op": "site", "visit": visit}); !again.Sight.Warning.Badge || again.Sight.Warning.Notice {
		t.Errorf("told twice: %+v", again.Sight.Warning)
	}
	// A state of another visit is none.
	visit["id"] = "two"
	if other := ask[judged](t, map[string]any{"op": "site", "visit": visit}); other.Sight.Kind != site.Nothing {
		t.Errorf("goes on with another's state: %+v", other.Sight)
	}
}

func TestSitePrivate(t *testing.T) {
	visit := map[string]any{"id": "one", "host": page, "now": 2100, "events": probing(2000), "private": true}
	j := ask[judged](t, map[string]any{"op": "site", "visit": visit})
	if w := j.Sight.Warning; !w.Badge || w.Notice || len(j.Ledger.Sites) != 0 {
		t.Errorf("a private page leaves a trace: %+v, %d sites", w, len(j.Ledger.Sites))
	}
}

func TestSiteOrders(t *testing.T) {
	visit := map[string]any{"id": "one", "host": page, "now": 2100, "events": probing(2000)}
	ledger := ask[judged](t, map[string]any{"op": "site", "visit": visit}).Ledger
	do := func(what string) map[string]any {
		return map[string]any{"op": "sites", "book": map[string]any{"ledger": ledger, "do": what, "host": page, "now": 3000}}
	}
	for what, want := range map[string]site.Choice{
		"never": {Never: true}, "dismiss": {Dismissed: 3000}, "noticed": {Noticed: 3000}, "warn": {},
	} {
		if got := ask[site.Ledger](t, do(what)).Sites[0].Choice; got != want {
			t.Errorf("%s: %+v", what, got)
		}
	}
	if got := ask[map[string]string](t, do("site")); got["site"] != "shop.example" {
		t.Errorf("site of: %v", got)
	}
	if got := ask[[]listed](t, do("list")); len(got) != 1 || got[0].Site != "shop.example" || len(got[0].Lines) != 1 || got[0].Title.ID != "site_probe_title" {
		t.Errorf("list: %+v", got)
	}
	if got := ask[site.Export](t, do("export")); got.Format != "watertight-sites-1" || len(got.Sites) != 1 {
		t.Errorf("export: %+v", got)
	}
	if got := ask[site.Ledger](t, do("trim")); len(got.Sites) != 1 {
		t.Errorf("trim: %+v", got)
	}
	if got := ask[site.Ledger](t, do("erase")); len(got.Sites) != 0 {
		t.Errorf("erase: %+v", got)
	}
	wall := map[string]any{"browser": "firefox", "version": "153.7", "sites": []string{"shop.example"}}
	if got := ask[site.Plan](t, map[string]any{"op": "block", "wall": wall}); got.How != site.ByWrapper || len(got.Patterns) != 2 {
		t.Errorf("block: %+v", got)
	}
}

func TestSiteRefused(t *testing.T) {
	for _, request := range []string{
		`{"op":"site"}`, `{"op":"site","visit":null}`, `{"op":"site","visit":[]}`, `{"op":"site","visit":{}}`,
		`{"op":"site","visit":{"id":"x"}}`, `{"op":"site","visit":{"id":"x","now":-1}}`, `{"op":"site","visit":{"id":7,"now":1}}`,
		`{"op":"site","visit":{"id":"x","now":1,"events":7}}`,
		`{"op":"sites"}`, `{"op":"sites","book":7}`, `{"op":"sites","book":{}}`, `{"op":"sites","book":{"do":"198.51.100.10"}}`,
		`{"op":"block"}`, `{"op":"block","wall":[]}`,
	} {
		if r := call(t, request); r.Error == nil || r.Error.Code != badRequest || strings.Contains(r.Error.Message, "198") {
			t.Errorf("%s: %+v %s", request, r.Error, r.Value)
		}
	}
	// What is misshapen inside is left out; the rest counts.
	const request = `{"op":"site","visit":{"id":"x","host":"a.example","now":5,"state":[1],"ledger":"x","events":[1,null,{"kind":7},{"kind":"construct","at":1,"conn":1}]}}`
	if r := call(t, request); r.Error != nil || !strings.Contains(string(r.Value), `"misfits":3`) {
		t.Errorf("%+v %s", r.Error, r.Value)
	}
}
