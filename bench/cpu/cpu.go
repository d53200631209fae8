//go:build linux

// Package cpu says how much CPU time other processes have used.
package cpu

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

var errEnded = errors.New("a process of the server's has ended meanwhile")

// Process is what all threads of a process have used, in nanoseconds, those that have ended too: what
// their files in /proc said is lost with them.
func Process(pid int) (int64, error) {
	var t unix.Timespec
	// clock_getcpuclockid(3): the number of a process's clock is made of its own; 2 is time as scheduled.
	if err := unix.ClockGettime(int32(^pid<<3|2), &t); err != nil {
		return 0, fmt.Errorf("clock of process %d: %w", pid, err)
	}
	return t.Nano(), nil
}

// Group is what each process of a group has used, in nanoseconds; group 0 has none.
func Group(group int) (map[int]int64, error) {
	pids, err := members(group)
	if err != nil {
		return nil, err
	}
	return clocks(pids)
}

func members(group int) (pids []int, err error) {
	if group == 0 {
		return nil, nil
	}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		// proc(5): the name, in brackets, may hold anything.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		if len(fields) < 3 || fields[2] != strconv.Itoa(group) {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		pids = append(pids, pid)
	}
	return pids, nil
}

// clocks leaves out who has ended meanwhile: if it was there before, Since tells.
func clocks(pids []int) (map[int]int64, error) {
	used := map[int]int64{}
	for _, pid := range pids {
		ns, err := Process(pid)
		if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ESRCH) {
			continue
		}
		if err != nil {
			return nil, err
		}
		used[pid] = ns
	}
	return used, nil
}

// Since is what the processes of a group have used between two looks at it. One that ended took what it
// used with it, which is an error.
func Since(before, after map[int]int64) (sum int64, err error) {
	for pid, ns := range before {
		if _, ok := after[pid]; !ok {
			return 0, fmt.Errorf("%w: %d", errEnded, pid)
		}
		sum -= ns
	}
	for _, ns := range after {
		sum += ns
	}
	return sum, nil
}
