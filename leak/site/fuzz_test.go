package site

import (
	"encoding/json"
	"reflect"
	"testing"
)

// FuzzEvents holds what every state, report, warning and ledger must have,
// whatever is heard, and that nothing depends on where the events are cut. Its
// corpus is the golden files, and what was once found in testdata/fuzz.
func FuzzEvents(f *testing.F) {
	for _, g := range readGoldens(f) {
		if events := g.events(f); len(events) < 100 {
			data, err := json.Marshal(events)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, uint8(3), g.Now)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, cut uint8, now int64) {
		var events []Event
		if json.Unmarshal(data, &events) == nil {
			holds(t, events, int(cut), now)
		}
	})
}

// FuzzChoices makes events out of bytes, so that the fuzzer gets deep without
// having to write JSON.
func FuzzChoices(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 2, 0, 5, 0, 7, 0, 9, 40, 10, 0}, uint8(2), int64(30_000))
	f.Add([]byte{0, 0, 5, 3, 6, 4, 7, 1, 8, 1, 8, 2, 10, 60, 11, 0}, uint8(4), int64(5_000))
	f.Fuzz(func(t *testing.T, data []byte, cut uint8, now int64) {
		holds(t, chosen(data), int(cut), now)
	})
}

var eventKinds = []string{
	Construct, ICEServers, DataChannel, Media, LocalDesc, RemoteDesc, RemoteDesc, Candidate, Connection, Gathering, Close, FrameGone, Stats,
}

// chosen reads two bytes an event: what, and where and when.
func chosen(data []byte) []Event {
	pick := func(list []string, b byte) string { return list[int(b)%len(list)] }
	var out []Event
	at := int64(1)
	for i := 0; i+1 < len(data); i += 2 {
		a, b := data[i], data[i+1]
		at += int64(b/8) * int64(b/8) * 20
		out = append(out, Event{
			Kind: pick(eventKinds, a%16), Frame: int64(b % 3), Conn: int64(b / 3 % 3), At: at,
			Host: pick([]string{"page.example", "", "frame.example"}, b%3), State: pick([]string{"checking", "connected", "failed", "complete", "closed"}, a/16),
			Source: pick([]string{FromDevice, FromNothing, FromPage}, a/16), Key: pick([]string{"aaaa", "bbbb", "cccc", ""}, b/16+a),
			Line: pick([]string{
				"candidate:1 1 udp 1 192.168.1.10 9 typ host", "candidate:2 1 udp 1 198.51.100.10 9 typ srflx raddr 0.0.0.0 rport 0",
				"candidate:3 1 udp 1 a.local 9 typ host", "candidate:4 1 udp 1 203.0.113.50 9 typ relay raddr 0.0.0.0 rport 0", "x",
			}, a/16),
			Servers: []Server{{Kind: "stun", Host: pick([]string{"stun.example", "stun.ads.example"}, a/16)}},
		})
	}
	return out
}

func holds(t *testing.T, events []Event, cut int, now int64) {
	t.Helper()
	s := Fold(Begin("one", "page.example"), events)
	r := Examine(s, now)
	wellFormed(t, s, r, Warn(r, Choice{}))
	if !reflect.DeepEqual(r, Judge("one", "page.example", events, now)) {
		t.Fatal("judging twice gives two reports")
	}
	cut = min(cut, len(events))
	half, err := json.Marshal(Fold(Begin("one", "page.example"), events[:cut]))
	if err != nil {
		t.Fatal(err)
	}
	var stored State
	if err := json.Unmarshal(half, &stored); err != nil {
		t.Fatal(err)
	}
	if got := Examine(Fold(stored, events[cut:]), now); !reflect.DeepEqual(got, r) {
		t.Fatalf("cut at %d it is\n%+v, in one piece\n%+v", cut, got, r)
	}
	before := Merge(Ledger{}, Judge("b", "other.example", nil, 0), now)
	l := Merge(Merge(before, r, now), r, now)
	if again := Merge(l, r, now); !reflect.DeepEqual(again, l) {
		t.Fatalf("merging again gives\n%+v, not\n%+v", again, l)
	}
	wellKept(t, l)
}

// FuzzState holds that no stored state or ledger, however wrong, does harm.
func FuzzState(f *testing.F) {
	for _, g := range readGoldens(f) {
		if events := g.events(f); len(events) < 40 {
			s := Fold(Begin("one", g.Site), events)
			data, _ := json.Marshal(s)
			ledger, _ := json.Marshal(Merge(Ledger{}, Examine(s, g.Now), g.Now))
			f.Add(data, ledger)
		}
	}
	f.Fuzz(func(t *testing.T, data, ledger []byte) {
		var s State
		var l Ledger
		if json.Unmarshal(data, &s) != nil || json.Unmarshal(ledger, &l) != nil {
			return
		}
		s = Fold(s, []Event{{Kind: Construct, At: 1, Host: "frame.example"}, {Kind: FrameGone, At: 5}})
		r := Examine(s, 10)
		Warn(r, Choice{})
		if len(s.Conns) > maxConns || len(s.Parties) > maxParties || len(s.Seen) > maxSeen {
			t.Fatalf("a list is too long: %+v", s)
		}
		wellKept(t, Merge(l, r, 10))
		ForExport(l, 10)
	})
}
