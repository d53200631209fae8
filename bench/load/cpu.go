//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// cpu is what all threads of a process group have used, in nanoseconds.
func cpu(group int) (int64, error) {
	if group == 0 {
		return 0, nil
	}
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, fmt.Errorf("list processes: %w", err)
	}
	sum := int64(0)
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
		threads, err := filepath.Glob(filepath.Join(filepath.Dir(name), "task/*/schedstat"))
		if err != nil {
			return 0, fmt.Errorf("list threads: %w", err)
		}
		for _, t := range threads {
			if text, err = os.ReadFile(t); err != nil {
				continue
			}
			first, _, _ := strings.Cut(string(text), " ")
			ns, err := strconv.ParseInt(first, 10, 64)
			if err != nil {
				return 0, fmt.Errorf("read %s: %w", t, err)
			}
			sum += ns
		}
	}
	return sum, nil
}
