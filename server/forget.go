package main

import (
	"context"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"watertight/server/sightings"
	"watertight/server/wash"
)

// Go neither overwrites memory that nobody uses any more nor leaves data out of what
// it prints when it crashes, unless the environment says so when a process starts.
const (
	overwrite = "clobberfree=1" +
		",gcshrinkstackoff=1" + // a stack that shrinks moves onto an old one, unwiped
		",adaptivestackstart=0" + // package wash takes stacks of each size; the smallest is 2 kB
		",asyncpreemptoff=1" // nor is what was in registers kept where nobody can wipe it
	printLess = "none"
)

// discreet starts this very program again with that environment, unless it has it. An
// operator who looks for a mistake sets GOTRACEBACK.
func discreet() {
	settings, trace := os.Getenv("GODEBUG"), os.Getenv("GOTRACEBACK")
	if strings.Contains(settings, "clobberfree=") && trace != "" {
		return
	}
	if !strings.Contains(settings, "clobberfree=") {
		// Theirs come last: of two the runtime takes the later.
		settings = strings.TrimSuffix(overwrite+","+settings, ",")
	}
	if trace == "" {
		trace = printLess
	}
	self, err := os.Executable()
	if err != nil || os.Setenv("GODEBUG", settings) != nil || os.Setenv("GOTRACEBACK", trace) != nil {
		return
	}
	_ = syscall.Exec(self, os.Args, os.Environ()) // where that cannot be, the server still serves
}

// prepare has the runtime make what lives for ever before there is anybody to forget: the
// thread that starts others, and goroutines of the collector on stacks that are as large
// as they get. What they begin with would stay, since no work of ours reaches them.
func prepare() {
	wash.Threads()
	for range 20 { // each collection is ended by whoever comes last
		runtime.GC()
	}
}

const (
	forgetEvery = sightings.Kept / 4
	// forgetRounds after the last message: four until the table has dropped it, and four
	// more because what something held on to in one round is only reached in the next.
	forgetRounds = 4 + 4
)

// forget has unused memory overwritten.
func (s *server) forget(ctx context.Context) {
	wash.Stack()
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	last := uint64(0)
	quiet := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// After that, an idle server has nothing to do.
		if now := s.counts.messages(); now != last {
			last, quiet = now, 0
		}
		if quiet++; quiet > forgetRounds {
			continue
		}
		for _, f := range s.forgetful() {
			f.Forget()
		}
		clean()
	}
}

// forgetter has visitors in mind.
type forgetter interface{ Forget() }

// forgetful are all those who have.
func (s *server) forgetful() []forgetter {
	var all []forgetter
	for _, l := range s.guard.limits() {
		all = append(all, l)
	}
	if s.pacer != nil {
		all = append(all, s.pacer)
	}
	for _, c := range s.closers {
		if f, ok := c.(forgetter); ok {
			all = append(all, f)
		}
	}
	for _, d := range s.doors {
		all = append(all, d)
	}
	return all
}

// clean overwrites what the work has left over in the heap, on stacks and in threads. Two
// collections, because a sync.Pool (such as net/http's, of buffers with requests in them)
// keeps things over one.
func clean() {
	runtime.GC()
	wash.Stacks()
	wash.Heap()
	wash.Threads()
	// Finalizers and clean-ups have goroutines of their own.
	runtime.SetFinalizer(new([2]int), func(*[2]int) { wash.Stack() })
	runtime.AddCleanup(new([2]int), func(int) { wash.Stack() }, 0)
	debug.FreeOSMemory() // collects again, and gives whole pages back
}
