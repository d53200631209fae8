// Package panics tells of a panic what an operator may know: the place in the program,
// never what a visitor has sent.
package panics

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
)

// Place names, inside a deferred recover, the function that panicked.
func Place() string {
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	seen := false
	for {
		f, more := frames.Next()
		if seen && !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
		seen = seen || f.Function == "runtime.gopanic"
		if !more {
			return "unknown place"
		}
	}
}

// Teller writes each place once: who knows how to provoke a panic must not be able to
// fill a disk with it.
type Teller struct {
	w    io.Writer
	told sync.Map
}

// NewTeller writes to w.
func NewTeller(w io.Writer) *Teller { return &Teller{w: w} }

// Tell is for a place as Place names it.
func (t *Teller) Tell(where string) {
	if _, told := t.told.LoadOrStore(where, nil); !told {
		fmt.Fprintln(t.w, "watertight-server: what made it panic was dropped (told once for each place): panic in", where)
	}
}
