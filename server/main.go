// Command watertight-server is the companion of the Watertight extension: the
// authoritative DNS server of a zone, a STUN server and an HTTP API in one
// process, without a database and without a log. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit codes: 2 is a wrong command line, as everywhere in Unix.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parse(args, stdout)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		fmt.Fprintf(stderr, "watertight-server: %v\n", err)
		return exitUsage
	case c.version:
		fmt.Fprintln(stdout, "watertight-server", version())
		return exitOK
	}
	s, err := start(c, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "watertight-server: %v\n", err)
		return exitFailed
	}
	fmt.Fprint(stdout, s.describe())
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	}
	if err := errors.Join(err, s.stop()); err != nil {
		fmt.Fprintf(stderr, "watertight-server: %v\n", err)
		return exitFailed
	}
	return exitOK
}

// release is set by the linker; otherwise the module's version or commit tells.
var release string

func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "development"
}
