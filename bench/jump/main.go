//go:build linux && amd64

// Command jump makes the wall clock jump, for one running Go program and nobody else:
// jump PID SECONDS. A namespace can move no wall clock, so the program's own way to it is
// bent: its runtime calls clock_gettime in the vDSO (vdso(7)) through a variable, and that
// is led over a few instructions at the vDSO's unused end, which add the seconds to
// CLOCK_REALTIME. The monotonic clock goes on, as it does when a machine's time is set.
package main

import (
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// variable of Go's runtime (runtime/vdso_linux_amd64.go).
const variable = "runtime.vdsoClockgettimeSym"

// code is: call the kernel's function; if the clock is CLOCK_REALTIME, add to the seconds.
var code = []byte{
	0x57, 0x56, // push rdi, rsi: which clock, and where to
	0x48, 0x83, 0xec, 0x08, // sub rsp, 8: aligned
	0x48, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, // mov rax, the kernel's function
	0xff, 0xd0, // call rax
	0x48, 0x83, 0xc4, 0x08, 0x5e, 0x5f, // add rsp, 8; pop rsi, rdi
	0x85, 0xff, 0x75, 0x0a, // test edi, edi; jnz the end
	0x48, 0x8b, 0x0d, 5, 0, 0, 0, // mov rcx, what is added
	0x48, 0x01, 0x0e, // add [rsi], rcx
	0xc3,
}

const (
	kernels = 8  // where in the code the kernel's function is
	added   = 40 // from the code's start: aligned, so that a write is seen whole
	size    = 64
)

var (
	errUsage = errors.New("usage: jump PID SECONDS")
	errVDSO  = errors.New("no vDSO with room at its end")
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "jump:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return errUsage
	}
	seconds, err := strconv.ParseInt(args[1], 10, 64)
	if err != nil {
		return errUsage
	}
	proc := "/proc/" + args[0]
	at, err := address(proc + "/exe")
	if err != nil {
		return err
	}
	end, err := vdsoEnd(proc + "/maps")
	if err != nil {
		return err
	}
	mem, err := os.OpenFile(proc+"/mem", os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("open memory: %w", err)
	}
	defer mem.Close()
	return bend(mem, int64(at), int64(end-size), seconds)
}

// bend writes the code first and leads to it last: the program runs meanwhile.
func bend(mem *os.File, variable, place, seconds int64) error {
	var function [8]byte
	if _, err := mem.ReadAt(function[:], variable); err != nil {
		return fmt.Errorf("read variable: %w", err)
	}
	if now := binary.LittleEndian.Uint64(function[:]); now == 0 {
		return errVDSO
	} else if now != uint64(place) {
		room := make([]byte, size)
		if _, err := mem.ReadAt(room, place); err != nil || slices.Max(room) != 0 {
			return errVDSO
		}
		copy(room, code)
		copy(room[kernels:], function[:])
		if _, err := mem.WriteAt(room, place); err != nil {
			return fmt.Errorf("write code: %w", err)
		}
	}
	for _, word := range [][2]int64{{place + added, seconds}, {variable, place}} {
		if _, err := mem.WriteAt(binary.LittleEndian.AppendUint64(nil, uint64(word[1])), word[0]); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

// address of the variable, in a program that is not moved when it is loaded.
func address(exe string) (uint64, error) {
	f, err := elf.Open(exe)
	if err != nil {
		return 0, fmt.Errorf("read program: %w", err)
	}
	defer f.Close()
	symbols, err := f.Symbols()
	if err != nil {
		return 0, fmt.Errorf("read program: %w", err)
	}
	for _, s := range symbols {
		if s.Name == variable {
			return s.Value, nil
		}
	}
	return 0, fmt.Errorf("%w: it has no %s", elf.ErrNoSymbols, variable)
}

func vdsoEnd(maps string) (end uint64, err error) {
	text, err := os.ReadFile(maps)
	if err != nil {
		return 0, fmt.Errorf("read maps: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasSuffix(line, "[vdso]\n") {
			if _, err := fmt.Sscanf(line[strings.IndexByte(line, '-')+1:], "%x", &end); err != nil {
				return 0, fmt.Errorf("read maps: %w", err)
			}
			return end, nil
		}
	}
	return 0, errVDSO
}
