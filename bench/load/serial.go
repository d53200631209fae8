//go:build linux

package main

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// lost is after what a question was lost: on a busy machine an answer may be late.
const lost = 2 * time.Second

// serial asks one question at a time and keeps how long each answer took.
func (l *loop) serial(began time.Time, length time.Duration) error {
	var took []time.Duration
	for time.Since(began) < length {
		sent := time.Now()
		if err := l.send(1); err != nil {
			return err
		}
		for n := 0; n == 0; {
			var err error
			if n, err = l.receive(); err != nil {
				return err
			}
			if time.Since(sent) > lost {
				return fmt.Errorf("%w: no answer within %v", errSilent, lost)
			}
		}
		took = append(took, time.Since(sent))
	}
	slices.Sort(took)
	l.Median = float64(took[len(took)/2].Nanoseconds()) / 1000
	l.P99 = float64(took[len(took)*99/100].Nanoseconds()) / 1000
	return nil
}

// own is the CPU time of this process, in nanoseconds.
func own() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
