// Command judge is the anchor of the core's speed under js/wasm: the same calls, compiled for this machine.
// It reads one request as JSON on standard input, answers it N times (its argument) and prints the microseconds of each call.
package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"watertight/wasm/call"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "judge:", err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) != 2 {
		return fmt.Errorf("usage: judge N < request.json")
	}
	n, err := strconv.Atoi(os.Args[1])
	if err != nil || n < 1 {
		return fmt.Errorf("read count %q: want a positive number", os.Args[1])
	}
	request, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fmt.Errorf("read request: %w", err)
	}
	for range n {
		began := time.Now()
		call.Handle(string(request))
		fmt.Println(float64(time.Since(began).Nanoseconds()) / 1000)
	}
	return nil
}
