package site

import (
	"fmt"
	"strings"
	"testing"
)

// greedy is a trace that fills every list and every field to its end.
func greedy(events int) []Event {
	var out []Event
	long := strings.Repeat("k", 300)
	for i := 0; len(out) < events; i++ {
		e := Event{Frame: maxNumber - int64(i%40), Conn: maxNumber - int64(i), At: maxTime - 1_000_000 + int64(i)}
		e.Host = fmt.Sprintf("%s.%s.%s.frame%d.example", long[:60], long[:60], long[:60], i%40)
		line := fmt.Sprintf("candidate:1 1 udp 1 2001:db8:%x:ffff:5054:ffff:fe12:%x 9 typ srflx raddr 2001:db8:%x:eeee:5054:ffff:fe12:%x rport 9", i%65536, i%65536, i%65536, i%65536)
		for _, kind := range []string{Construct, ICEServers, DataChannel, Media, LocalDesc, LocalDesc, LocalDesc, RemoteDesc, RemoteDesc, Candidate, Candidate, Connection, Connection, Connection, Gathering, Stats} {
			e.Kind = kind
			e.At++
			e.Source, e.Line = FromPage, line
			e.Key = fmt.Sprintf("%d%d%s", i, len(out), long)
			e.State = []string{"checking", "connected", "failed", "complete"}[len(out)%4]
			e.Servers = []Server{{Kind: "turns", Host: fmt.Sprintf("%s.%s.%s.turn%d.example", long[:60], long[:60], long[:60], i)}}
			out = append(out, e)
		}
	}
	return out
}

// TestBounded holds that a page which does all that it can makes no state larger,
// and that its counters stop.
func TestBounded(t *testing.T) {
	s := Fold(Begin(strings.Repeat("i", 500), "page.example"), greedy(20_000))
	if len(s.Conns) < maxConns-spareConns || len(s.Parties) != maxParties || len(s.Seen) != maxSeen || len(s.Servers) != maxServers {
		t.Errorf("the trace is not greedy: %d connections, %d parties, %d addresses, %d servers", len(s.Conns), len(s.Parties), len(s.Seen), len(s.Servers))
	}
	r := Examine(s, maxTime)
	wellFormed(t, s, r, Warn(r, Choice{}))
	wellKept(t, Merge(Ledger{}, r, maxTime))
	s.Events, s.Names, s.Misfits = maxCount, maxCount, maxCount
	s = Fold(s, []Event{{Kind: "x"}, {Kind: Candidate, At: 5, Line: "candidate:3 1 udp 1 a.local 9 typ host"}})
	if s.Events != maxCount || s.Names != maxCount || s.Misfits != maxCount {
		t.Errorf("counted on: %d %d %d", s.Events, s.Names, s.Misfits)
	}
}

// BenchmarkFlood is a page that makes one connection after another.
func BenchmarkFlood(b *testing.B) {
	events := greedy(10_000)
	for b.Loop() {
		Fold(Begin("one", "page.example"), events)
	}
}
