// Command pause tells what a million live tokens of eight sightings each cost the
// garbage collector: the pauses of the whole program (runtime/metrics) and the CPU time
// of one collection, while the table goes on being written to. Argument: how many
// tokens. It prints {"worst_us","median_us","stopping_us","cpu_us","bytes","collections"};
// stopping is the worst wait until every thread stood still, which is part of a pause.
package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"time"

	"watertight/server/sightings"
)

const (
	perToken    = 8
	collections = 100
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pause TOKENS")
		os.Exit(2)
	}
	tokens, err := strconv.Atoi(os.Args[1])
	if err == nil {
		err = measure(tokens)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "pause:", err)
		os.Exit(1)
	}
}

func measure(tokens int) error {
	heap := live()
	// The table has four entries for each token that it allows: so that all can have
	// eight, it allows more than twice as many.
	t := sightings.New(sightings.Options{Tokens: 3*tokens + 64})
	for n := range tokens {
		record(t, n)
	}
	result := struct {
		Worst       float64 `json:"worst_us"`
		Median      float64 `json:"median_us"`
		Stopping    float64 `json:"stopping_us"`
		CPU         float64 `json:"cpu_us"`
		Bytes       int     `json:"bytes"`
		Collections int     `json:"collections"`
	}{Bytes: live() - heap, Collections: collections}
	for _, n := range []int{0, tokens / 2, tokens - 1} {
		if tokens > 0 && len(t.Snapshot(token(n)).Sightings) != perToken {
			return fmt.Errorf("token %d has not %d sightings", n, perToken)
		}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() { // as the world does meanwhile
		defer close(stopped)
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				record(t, n%max(1, tokens))
				time.Sleep(50 * time.Microsecond)
			}
		}
	}()
	before, cpu := pauses(), gcCPU()
	for range collections {
		runtime.GC()
	}
	after := pauses()
	result.CPU = (gcCPU() - cpu) * 1e6 / collections
	close(stop)
	<-stopped
	result.Worst, result.Median = between(before[0], after[0], 1), between(before[0], after[0], 0.5)
	result.Stopping = between(before[1], after[1], 1)
	runtime.KeepAlive(t)
	if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}

func record(t *sightings.Table, n int) {
	o := sightings.Observation{Token: token(n), Resolver: netip.AddrFrom4([4]byte{192, 0, 2, byte(n)}), Type: 1}
	for i := range byte(perToken) {
		o.Label = sightings.Label{'f', '0' + i}
		t.Record(o)
	}
}

func token(n int) (t sightings.Token) {
	for i := range t {
		t[i] = "abcdefghijklmnopqrstuvwxyz234567"[n%32]
		n /= 32
	}
	return t
}

func live() int {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// pauses are those in which the whole program stood still for the collector, and the
// first part of each.
func pauses() (all [2]metrics.Float64Histogram) {
	s := []metrics.Sample{{Name: "/sched/pauses/total/gc:seconds"}, {Name: "/sched/pauses/stopping/gc:seconds"}}
	metrics.Read(s)
	for i := range s {
		h := s[i].Value.Float64Histogram()
		all[i] = metrics.Float64Histogram{Counts: slices.Clone(h.Counts), Buckets: h.Buckets}
	}
	return all
}

// between two moments, the pause that such a share of all did not exceed, in µs: the
// upper end of its bucket.
func between(before, after metrics.Float64Histogram, share float64) float64 {
	var total, seen uint64
	for i := range after.Counts {
		total += after.Counts[i] - before.Counts[i]
	}
	for i := range after.Counts {
		if seen += after.Counts[i] - before.Counts[i]; seen > 0 && float64(seen) >= share*float64(total) {
			return after.Buckets[i+1] * 1e6
		}
	}
	return 0
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
