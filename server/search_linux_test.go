package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

// needles are the ways in which a token and addresses stand in memory: as text, as on
// the wire, and as the two numbers of a netip.Addr on this kind of machine.
func needles() map[string][]byte {
	n := map[string][]byte{"token": []byte(tok), "token in capitals": []byte(strings.ToUpper(tok))}
	for _, a := range visitors {
		raw := a.As16()
		low := slices.Clone(raw[8:])
		slices.Reverse(low)
		n[a.String()+" as text"], n[a.String()+" as numbers"] = []byte(a.String()), low
		n[a.String()+" on the wire"] = a.AsSlice()
	}
	return n
}

// search looks through all memory that a process can write to.
func search(t *testing.T, pid int) (found []string) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	all := needles()
	total := 0
	for line := range strings.Lines(string(maps)) {
		var from, to uint64
		var mode string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &mode); err != nil || !strings.HasPrefix(mode, "rw") {
			continue
		}
		const piece, overlap = 16 << 20, 64
		buf := make([]byte, piece+overlap)
		for at := from; at < to; at += piece {
			n, err := mem.ReadAt(buf[:min(uint64(len(buf)), to-at)], int64(at))
			if err != nil && !errors.Is(err, io.EOF) {
				t.Fatalf("read memory: %v", err)
			}
			total += n
			for what, needle := range all {
				for rest, off := buf[:n], 0; ; {
					i := bytes.Index(rest, needle)
					if i < 0 {
						break
					}
					around := buf[max(0, off+i-32):min(n, off+i+64)]
					found = append(found, fmt.Sprintf("%s at %x of %s: %x", what, at+uint64(off+i), strings.TrimSpace(line), around))
					off += i + 1
					rest = rest[i+1:]
				}
			}
		}
	}
	if total < 1<<20 {
		t.Fatalf("read %d bytes of memory only", total)
	}
	return found
}
