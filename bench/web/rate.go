//go:build linux

package main

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// clients at once: enough to keep one core busy that answers over loopback.
const clients = 16

// rate is how many requests a server answers, and what they cost it and us.
func rate(to, path string, length time.Duration, pid int) (map[string]any, error) {
	if err := get(to, path); err != nil { // warm, and a reason to stop early
		return nil, err
	}
	before, _, err := usage(pid)
	if err != nil {
		return nil, err
	}
	var done atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			for time.Since(began) < length && failed.Load() == nil {
				if err := get(to, path); err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	seconds := time.Since(began).Seconds()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	after, _, err := usage(pid)
	if err != nil {
		return nil, err
	}
	own, _, err := usage(os.Getpid())
	if err != nil {
		return nil, fmt.Errorf("measure ourselves: %w", err)
	}
	return map[string]any{"done": done.Load(), "seconds": seconds, "cpu_ns": after - before, "own_ns": own}, nil
}
