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
	overwrite = "clobberfree=1,gcshrinkstackoff=1" // a stack that shrinks moves onto an old one, unwiped
	printLess = "none"
)

// discreet starts this very program again with that environment, unless it has it. An
// operator who looks for a mistake sets GOTRACEBACK.
func discreet() {
	settings := os.Getenv("GODEBUG")
	if strings.Contains(settings, "clobberfree=") {
		return
	}
	if settings != "" {
		settings += ","
	}
	if os.Setenv("GODEBUG", settings+overwrite) != nil {
		return
	}
	if os.Getenv("GOTRACEBACK") == "" {
		_ = os.Setenv("GOTRACEBACK", printLess)
	}
	self, err := os.Executable()
	if err != nil {
		return
	}
	_ = syscall.Exec(self, os.Args, os.Environ()) // where that cannot be, the server still serves
}

const (
	forgetEvery = sightings.Kept / 4
	// forgetRounds after the last message: four until the table has dropped it, and
	// eight more because a round reaches most of what is unused, not all.
	forgetRounds = 4 + 8
)

// forget has unused memory overwritten. Two collections, because a sync.Pool (such as
// net/http's, of buffers with requests in them) keeps things over one.
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
		for _, c := range s.closers {
			if f, ok := c.(interface{ Forget() }); ok {
				f.Forget()
			}
		}
		s.guard.names.Forget()
		s.guard.bindings.Forget()
		runtime.GC()
		wash.Stacks()
		debug.FreeOSMemory() // collects again, and gives whole pages back
	}
}
