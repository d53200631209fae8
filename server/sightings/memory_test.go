package sightings

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"testing"
	"time"
	"unsafe"
)

const perToken = 8

// crowded has room for so many tokens with eight sightings each, and has them.
func crowded(tokens, shards int) *Table {
	t := New(Options{Tokens: tokens, Shards: shards})
	for i := range t.shards { // more room than is wanted: the hash is not quite even
		t.shards[i].limits.sessions += t.shards[i].limits.sessions/4 + 64
		t.shards[i].limits.slab = t.shards[i].limits.sessions * perToken
	}
	for n := range tokens {
		o := Observation{Token: token(n), Resolver: netip.AddrFrom4([4]byte{192, 0, 2, byte(n)}), Type: 1}
		for i := range byte(perToken) {
			o.Label = Label{'f', '0' + i}
			t.Record(o)
		}
	}
	return t
}

func heap() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestMemory: what the project promises, measured. A token costs what it uses, not
// what it may use.
func TestMemory(t *testing.T) {
	const tokens, shards, most = 1_000_000 / 8, defaultShards / 8, 600 // as full as with a million
	before := heap()
	tab := crowded(tokens, shards)
	if got := (heap() - before) / tokens; got > most {
		t.Errorf("a token with %d sightings costs %d bytes, want at most %d", perToken, got, most)
	} else {
		t.Logf("%d bytes a token", got)
	}
	if n := len(tab.Snapshot(token(tokens / 2)).Sightings); n != perToken {
		t.Errorf("%d sightings", n)
	}
	if size := unsafe.Sizeof(entry{}); size != 64 {
		t.Errorf("an entry has %d bytes", size)
	}
	runtime.KeepAlive(tab)
}

// pointers in a type, as the garbage collector sees it.
func pointers(typ reflect.Type) []string {
	switch typ.Kind() {
	case reflect.Array:
		return pointers(typ.Elem())
	case reflect.Struct:
		var found []string
		for f := range typ.NumField() {
			for _, p := range pointers(typ.Field(f).Type) {
				found = append(found, typ.Field(f).Name+": "+p)
			}
		}
		return found
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return nil
	default:
		return []string{typ.String()}
	}
}

// TestNoPointers: of a million tokens there is nothing for the garbage collector to
// walk but the list of pages.
func TestNoPointers(t *testing.T) {
	var s shard
	for name, typ := range map[string]reflect.Type{
		"entry": reflect.TypeFor[entry](), "session": reflect.TypeFor[session](),
		"index": reflect.TypeOf(s.index.slots).Elem(), "lost": reflect.TypeOf(s.lost.now).Elem(),
	} {
		if found := pointers(typ); found != nil {
			t.Errorf("%s has %v", name, found)
		}
	}
	if found := pointers(reflect.TypeFor[Observation]()); found == nil {
		t.Error("an Observation has an address with a zone, which is a pointer: nothing is found")
	}
}

// TestPages: those of a past flood are given back, and those that go on are used
// again.
func TestPages(t *testing.T) {
	c := &clock{time.Unix(1000, 0)}
	tab := New(Options{Shards: 1, Now: c.now})
	for n := range 10_000 {
		tab.Record(observe(t, token(n), "f0", "192.0.2.1", 1))
		c.t = c.t.Add(time.Second)
	}
	s := &tab.shards[0]
	if len(s.sessions.list) > 2 || len(s.slab.list) > 1 || len(s.index.slots) > 256 {
		t.Errorf("%d pages of sessions, %d of entries, %d slots for 120 tokens", len(s.sessions.list), len(s.slab.list), len(s.index.slots))
	}
	c.t = c.t.Add(Kept)
	tab.Sweep()
	if s.sessions.list != nil || s.slab.list != nil || s.index.slots != nil {
		t.Error("memory is kept for nothing")
	}
}

// TestIndex against a map, through births and deaths of all kinds.
func TestIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := &clock{time.Unix(1000, 0)}
	tab := New(Options{Tokens: 300, Shards: 1, Now: c.now})
	s := &tab.shards[0]
	s.first, s.last, s.sessions.base = 1<<31-500, 1<<31-500, 1<<31-500 // the slots' numbers go round meanwhile
	born := make(map[Token]time.Time)
	var order []Token
	for range 20_000 {
		c.t = c.t.Add(time.Duration(r.IntN(1000)) * time.Millisecond)
		for len(order) > 0 && c.t.Sub(born[order[0]]) >= Kept {
			delete(born, order[0])
			order = order[1:]
		}
		k := token(r.IntN(2000))
		if _, ok := born[k]; !ok {
			if len(order) == 300 {
				delete(born, order[0])
				order = order[1:]
			}
			born[k] = c.t
			order = append(order, k)
		}
		tab.Record(observe(t, k, "f0", "192.0.2.1", 1))
		for range 3 {
			k := token(r.IntN(2000))
			_, want := born[k]
			if got := !tab.Snapshot(k).Empty(); got != want {
				t.Fatalf("known %v, want %v", got, want)
			}
		}
	}
	if s.index.used != len(order) {
		t.Errorf("%d in the index, want %d", s.index.used, len(order))
	}
}

// TestPause: the pauses of collections with the table in memory, an eighth of a million
// tokens. Of a million, and beside none, bench/pause tells; here the half of them that
// other processes have prolonged is left out, and what is left takes some 30 µs.
func TestPause(t *testing.T) {
	const tokens, collections, most = 1_000_000 / 8, 20, time.Millisecond
	tab := crowded(tokens, defaultShards/8)
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var stats debug.GCStats
	for range collections {
		runtime.GC()
	}
	debug.ReadGCStats(&stats)
	pauses := slices.Sorted(slices.Values(stats.Pause[:collections]))
	if pauses[collections/2] > most {
		t.Errorf("half of the pauses are above %v", pauses[collections/2])
	}
	t.Logf("median %v, worst %v", pauses[collections/2], pauses[collections-1])
	runtime.KeepAlive(tab)
}

// BenchmarkPause: a collection with a million tokens of eight sightings in memory,
// beside one with none. The pause is that of stopping the world, which on a busy
// machine is mostly waiting for the other cores; the CPU is what marking costs.
func BenchmarkPause(b *testing.B) {
	for _, tokens := range []int{0, 1_000_000} {
		b.Run(fmt.Sprint(tokens), func(b *testing.B) { benchmarkPause(b, crowded(tokens, defaultShards)) })
	}
}

func benchmarkPause(b *testing.B, tab *Table) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var before, after debug.GCStats
	debug.ReadGCStats(&before)
	cpu := gcCPU()
	for b.Loop() {
		runtime.GC()
	}
	debug.ReadGCStats(&after)
	n := int(after.NumGC - before.NumGC)
	pauses := slices.Clone(after.Pause[:min(len(after.Pause), n)])
	slices.Sort(pauses)
	b.ReportMetric(float64(pauses[len(pauses)/2].Nanoseconds())/1000, "median-pause-µs")
	b.ReportMetric(float64(pauses[len(pauses)-1].Nanoseconds())/1000, "worst-pause-µs")
	b.ReportMetric((gcCPU()-cpu)*1e6/float64(n), "cpu-µs/GC")
	runtime.KeepAlive(tab)
}

func gcCPU() float64 {
	s := []metrics.Sample{{Name: "/cpu/classes/gc/mark/dedicated:cpu-seconds"}, {Name: "/cpu/classes/gc/mark/assist:cpu-seconds"}, {Name: "/cpu/classes/gc/pause:cpu-seconds"}}
	metrics.Read(s)
	sum := 0.0
	for _, one := range s {
		sum += one.Value.Float64()
	}
	return sum
}
