package conformance

import (
	"slices"
	"strings"
	"testing"
)

// good is what dig prints of an answer to SOA with a cookie.
const good = `
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 18494
;; flags: qr aa; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1

;; OPT PSEUDOSECTION:
; EDNS: version: 0, flags: do; udp: 1232
; COOKIE: 0011223344556677010000006b04a92962d32bb14142ac72 (good)
;; QUESTION SECTION:
;watertight.test.		IN	SOA

;; ANSWER SECTION:
watertight.test.	3600	IN	SOA	ns1.watertight.test. dns.watertight.test. 1 86400 7200 3600000 60

;; Query time: 8 msec
;; SERVER: 203.0.113.53#53(203.0.113.53) (UDP)
;; MSG SIZE  rcvd: 116
`

// TestExpectations: each is met by an output that has it, and by no other.
func TestExpectations(t *testing.T) {
	for _, c := range []struct{ want, out, in string }{
		{"NOERROR", "status: NOERROR", "status: REFUSED"},
		{"aa", "qr aa", "qr"},
		{"-tc", "qr aa", "qr aa tc"},
		{"-ad", "qr aa", "qr aa ad"},
		{"soa", "IN\tSOA\tns1", "IN\tA\tns1"},
		{"edns", "version: 0", "version: 1"},
		{"do", "flags: do", "flags:"},
		{"mbz=0", "flags: do", "flags: do; MBZ: 0x0080"},
		{"cookie", "(good)", "(bad)"},
		{"-nsid", "; COOKIE", "; NSID: 00\n; COOKIE"},
		{"-expire", "; COOKIE", "; EXPIRE: 3600\n; COOKIE"},
		{"udp", "(UDP)", "(TCP)"},
		{"below=512", "rcvd: 116", "rcvd: 600"},
	} {
		if !strings.Contains(good, c.out) || !met(c.want, good) {
			t.Errorf("%s: not met by a good answer", c.want)
		}
		if met(c.want, strings.ReplaceAll(good, c.out, c.in)) {
			t.Errorf("%s: met by %q", c.want, c.in)
		}
		if met(c.want, ";; connection timed out; no servers could be reached") {
			t.Errorf("%s: met by silence", c.want)
		}
	}
}

// TestAlways: what no answer may have, unless the query had it and was a QUERY.
func TestAlways(t *testing.T) {
	for args, want := range map[string]string{
		"SOA ZONE":                      "-ad -cd -ra -rd mbz=0",
		"SOA ZONE +recurse +dnssec":     "-cd -ra mbz=0",
		"SOA ZONE +cdflag +adflag":      "-ra -rd mbz=0",
		"SOA ZONE +opcode=15 +recurse":  "-ad -cd -ra -rd mbz=0",
		"SOA ZONE +header-only +cdflag": "-ad -ra -rd mbz=0",
	} {
		got := always(strings.Fields(args))
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", args, got, want)
		}
	}
	empty := ";; ->>HEADER<<- opcode: RESERVED15, status: NOTIMP, id: 1\n;; flags: qr; QUERY: 0, ANSWER: 0, AUTHORITY: 0, ADDITIONAL: 0\n"
	q := query{args: []string{"+opcode=15"}, want: []string{"NOTIMP", "empty"}}
	if wrong := q.wrong(empty); wrong != nil {
		t.Error(wrong)
	}
	if wrong := q.wrong(strings.ReplaceAll(strings.ReplaceAll(empty, "qr;", "qr rd;"), "QUERY: 0", "QUERY: 1")); !slices.Equal(wrong, []string{"not empty", "not -rd"}) {
		t.Error(wrong)
	}
}

func TestTable(t *testing.T) {
	all, err := parseTable(edns)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, q := range all {
		if names[q.name] || len(q.want) == 0 || len(q.args) == 0 {
			t.Errorf("%+v", q)
		}
		names[q.name] = true
	}
	if len(all) < 50 {
		t.Errorf("%d queries", len(all))
	}
	for _, bad := range []string{"name | args", "name | args | sao", "name | args | -options=2"} {
		if _, err := parseTable(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestProblems(t *testing.T) {
	got, err := problems([]byte(`{"a.test.":{"queries":{"a.test./IN/A":{"answer":[{"rrsig":[{"errors":[{"code":"BAD"}]}]}]}},
		"zone":{"warnings":[{"code":"OLD"}]}},"b.test.":{"status":"NOERROR"}}`))
	if want := []string{"a.test. A BAD", "a.test. zone OLD"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := problems([]byte("Traceback")); err == nil {
		t.Error("a crash is no report")
	}
}
