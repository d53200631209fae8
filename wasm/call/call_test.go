package call

import (
	"encoding/json"
	"strings"
	"testing"
)

// decoded is a reply as the extension reads it.
type decoded struct {
	OK    *bool           `json:"ok"`
	Value json.RawMessage `json:"value"`
	Error *Error          `json:"error"`
}

func call(t testing.TB, request string) decoded {
	t.Helper()
	var r decoded
	if err := json.Unmarshal([]byte(Handle(request)), &r); err != nil {
		t.Fatalf("the reply is not JSON: %v", err)
	}
	if r.OK == nil || *r.OK != (r.Error == nil) || *r.OK != (r.Value != nil) {
		t.Fatalf("a reply has a value or an error: %+v", r)
	}
	return r
}

func TestVersion(t *testing.T) {
	if r := call(t, `{"op":"version"}`); string(r.Value) != `{"version":1}` {
		t.Errorf("version is %s", r.Value)
	}
}

func TestJudge(t *testing.T) {
	r := call(t, `{"op":"judge","evidence":{"version":1,"final":true,
		"exits":[{"family":4,"status":"ok","address":"192.0.2.10","network":{"asn":64510,"org":"Example VPN"}},{"family":6,"status":"failed","reason":"network"}],
		"dns":{"status":"ok","sent":["f0"],"sightings":[{"label":"f0","resolver":"198.51.100.53","network":{"asn":64500,"org":"Example ISP"}}]},
		"ice":[{"frame":4,"status":"complete","candidates":[]}]}}`)
	var v struct {
		Outcome  string
		Findings []struct{ ID, Certainty, Exposes string }
	}
	if err := json.Unmarshal(r.Value, &v); err != nil {
		t.Fatal(err)
	}
	if v.Outcome != "leak" || len(v.Findings) != 1 || v.Findings[0].ID != "dns-isp-resolver" || v.Findings[0].Exposes != "Example ISP" {
		t.Errorf("verdict %+v", v)
	}
}

func TestBadRequests(t *testing.T) {
	const address = "198.51.100.53"
	deep := strings.Repeat("[", 200_000) + strings.Repeat("]", 200_000)
	for name, c := range map[string]struct{ request, code string }{
		"empty":               {"", badJSON},
		"half":                {`{"op":"judge","evidence":{"x":"` + address, badJSON},
		"two":                 {`{"op":"version"}{"op":"version"}`, badJSON},
		"not UTF-8":           {"\xff\xfe", badJSON},
		"deep":                {deep, badJSON},
		"deep evidence":       {`{"op":"judge","evidence":` + deep + `}`, badJSON},
		"null":                {" null ", badRequest},
		"number":              {"1", badRequest},
		"list":                {"[]", badRequest},
		"string":              {`"` + address + `"`, badRequest},
		"op of wrong type":    {`{"op":7}`, badRequest},
		"no op":               {"{}", unknownOp},
		"other op":            {`{"op":"` + address + `"}`, unknownOp},
		"no evidence":         {`{"op":"judge"}`, badRequest},
		"null evidence":       {`{"op":"judge","evidence":null}`, badRequest},
		"evidence a list":     {`{"op":"judge","evidence":[]}`, badRequest},
		"evidence a string":   {`{"op":"judge","evidence":"` + address + `"}`, badRequest},
		"exits a string":      {`{"op":"judge","evidence":{"version":1,"exits":"` + address + `"}}`, badRequest},
		"no version":          {`{"op":"judge","evidence":{}}`, badRequest},
		"version of tomorrow": {`{"op":"judge","evidence":{"version":2}}`, badRequest},
		"10 MB":               {`{"op":"judge","evidence":{"version":1,"browser":"` + strings.Repeat("a", 10<<20) + `"}}`, badRequest},
	} {
		r := call(t, c.request)
		if r.Error == nil || r.Error.Code != c.code {
			t.Errorf("%s: %+v, want %s", name, r.Error, c.code)
		} else if strings.Contains(r.Error.Message, address) {
			t.Errorf("%s: the error quotes the request: %s", name, r.Error.Message)
		}
	}
}

// TestBigParts holds that single parts may be huge without harm.
func TestBigParts(t *testing.T) {
	big := strings.Repeat("x", 3<<20)
	for _, request := range []string{
		`{"op":"judge","evidence":{"version":1,"final":true,"ice":[{"status":"complete","candidates":["` + big + `"]}]}}`,
		`{"op":"judge","evidence":{"version":1,"final":true,"dns":{"status":"ok","sightings":[{"label":"` + big + `","resolver":"192.0.2.1"}]}}}`,
		`{"op":"judge","evidence":{"version":1,"final":true,"ice":[{"status":"complete","candidates":["a"` + strings.Repeat(`,"a"`, 500_000) + `]}]}}`,
	} {
		r := call(t, request)
		if r.Error != nil || !strings.Contains(string(r.Value), `"outcome":"unknown"`) {
			t.Errorf("%.60s…: %+v", request, r.Error)
		}
	}
}

func TestPanicIsAReply(t *testing.T) {
	operations["panic"] = func(request) (any, *Error) { panic("198.51.100.53") }
	defer delete(operations, "panic")
	if r := call(t, `{"op":"panic"}`); r.Error == nil || r.Error.Code != panicked || strings.Contains(r.Error.Message, "198") {
		t.Errorf("reply %+v", r.Error)
	}
	call(t, `{"op":"version"}`) // and the next call works
}
