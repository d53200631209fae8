package result

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"watertight/lab/capture"
	"watertight/lab/scenario"
)

func hardened(t *testing.T, text string) scenario.Expect {
	t.Helper()
	s, err := scenario.Parse("t.yaml", []byte("title: t\nwhy: w\nhardening: auto\nexpect:\n outcome: clear\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	return *s.Expect
}

const sealed = `{"outcome":"clear","began":2000,"changes":2,"checks":["a","b"],"calls":{"state":"tcp"},
 "policy":{"value":"disable_non_proxied_udp","levelOfControl":"controlled_by_this_extension"},
 "hardening":{"state":"sealed","title":{"id":"seal_sealed"},"before":["198.51.100.10"],"after":[]}}`

// The leak until the last check began, and what is left of it.
func log(late string, tcp string) []capture.STUN {
	a := netip.MustParseAddr
	out := []capture.STUN{{Source: a("198.51.100.10"), Transport: "udp", Time: time.UnixMilli(1999)}}
	if late != "" {
		out = append(out, capture.STUN{Source: a(late), Transport: "udp", Time: time.UnixMilli(2000)})
	}
	if tcp != "" {
		out = append(out, capture.STUN{Source: a(tcp), Transport: "tcp", Time: time.UnixMilli(2500)})
	}
	return out
}

func TestHarden(t *testing.T) {
	for name, c := range map[string]struct {
		expect  string
		packets []capture.STUN
		wrong   string
	}{
		"as expected": {" hardening: {state: sealed, policy: disable_non_proxied_udp, control: controlled_by_this_extension, before: [198.51.100.10], after: [], calls: tcp, title: seal_sealed, changes: 2}\n packets: {silenced: [198.51.100.10]}",
			log("", ""), ""},
		"not the policy":     {" hardening: {policy: default}", nil, `policy is "disable_non_proxied_udp", expected "default"`},
		"not the texts":      {" hardening: {title: seal_x, detail: seal_y}", nil, `title is "seal_sealed", expected "seal_x"; detail is "", expected "seal_y"`},
		"not the state":      {" hardening: {state: offer, calls: none, changes: 0}", nil, `hardening is "sealed", expected "offer"; calls is "tcp", expected "none"; the setting was changed 2 times, expected 0`},
		"addresses":          {" hardening: {before: [], after: [192.0.2.10]}", nil, "before: 198.51.100.10, expected none; after: none, expected 192.0.2.10"},
		"not silenced":       {" packets: {silenced: [198.51.100.10]}", log("198.51.100.10", ""), "STUN packets came from 198.51.100.10 since the last check began"},
		"nothing to silence": {" packets: {silenced: [192.0.2.10]}", log("", ""), "no STUN packet came from 192.0.2.10 before: its silence proves nothing"},
		"not by TCP either":  {" packets: {silenced: [198.51.100.10]}", log("", "198.51.100.10"), "STUN packets came from 198.51.100.10 since the last check began"},
		"but if it may":      {" packets: {silenced: [198.51.100.10], tcp: [198.51.100.10]}", log("", "198.51.100.10"), ""},
		"and then it must":   {" packets: {silenced: [198.51.100.10], tcp: [198.51.100.10]}", log("", ""), "nothing came from 198.51.100.10 over TCP since the last check began"},
		"never":              {" packets: {none: [198.51.100.10, 192.0.2.10]}", log("", ""), "STUN packets came from 198.51.100.10"},
		"still":              {" packets: {from: [192.0.2.10, 198.51.100.10]}", log("192.0.2.10", ""), "no STUN packet came from 198.51.100.10 since the last check began"},
	} {
		t.Run(name, func(t *testing.T) {
			e := hardened(t, c.expect)
			r := Compare(e, reply(t, sealed))
			r.Harden(e, reply(t, sealed), c.packets)
			if got := strings.Join(r.Wrong, "; "); got != c.wrong {
				t.Errorf("\n got %s\nwant %s", got, c.wrong)
			}
		})
	}
}

// A reply without a setting would pass as one with nothing wrong.
func TestHardenUnread(t *testing.T) {
	e := hardened(t, " hardening: {state: sealed}")
	r := Result{}
	r.Harden(e, Reply{}, nil)
	if r.OK() {
		t.Error("hardening was expected and nothing was read")
	}
}

func TestCompareCall(t *testing.T) {
	want := scenario.Call{Name: "c", Via: "udp", Works: []scenario.Browser{"firefox"}}
	whole := Call{Connected: true, Echoed: 16384, Frames: 3}
	if r := CompareCall(want, "firefox", whole); !r.OK() || r.Outcome != "connected" {
		t.Errorf("%+v", r)
	}
	if r := CompareCall(want, "chromium", Call{}); !r.OK() || r.Outcome != "failed" {
		t.Errorf("%+v", r)
	}
	for _, half := range []Call{{}, {Connected: true}, {Connected: true, Echoed: 1}, {Connected: true, Frames: 1}} {
		if CompareCall(want, "firefox", half).OK() {
			t.Errorf("%+v passes as a call", half)
		}
	}
	want.Shows, want.Hides = []netip.Addr{netip.MustParseAddr("192.0.2.10")}, []netip.Addr{netip.MustParseAddr("10.8.0.2")}
	whole.Candidates = []string{"1 1 udp 2113937151 10.8.0.2 40000 typ host"}
	if got := strings.Join(CompareCall(want, "firefox", whole).Wrong, "; "); got != "the page is not shown 192.0.2.10; the page is shown 10.8.0.2" {
		t.Error(got)
	}
	want.Shows, want.Hides = nil, nil
	if CompareCall(want, "chromium", Call{Connected: true}).OK() {
		t.Error("a door that should be closed is open")
	}
}

// A check that could not tell is made again; one that told something wrong is not.
func TestUnsure(t *testing.T) {
	e := hardened(t, " rows: {webrtc: clear}\n hardening: {state: sealed}")
	for text, want := range map[string]bool{
		`{"outcome":"unknown","policy":{"value":"default"},"verdict":{"rows":[{"id":"webrtc","outcome":"unknown"}]}}`:                                  true,
		`{"outcome":"leak","policy":{"value":"default"},"verdict":{"rows":[{"id":"webrtc","outcome":"leak"}]}}`:                                        false,
		`{"outcome":"unknown","policy":{"value":"default"},"hardening":{"state":"untested"},"verdict":{"rows":[{"id":"webrtc","outcome":"unknown"}]}}`: false,
	} {
		r := Compare(e, reply(t, text))
		r.Harden(e, reply(t, text), nil)
		if r.Unsure(e) != want {
			t.Errorf("%s: %t", text, !want)
		}
	}
}
