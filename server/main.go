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
	// A reload that comes while the service starts or ends must not end it, as SIGHUP does to
	// who says nothing about it. Ignored it stays over discreet's execve (signal(7)), and is so
	// again after stop. Nothing is lost: start listens before it reads any file.
	signal.Ignore(syscall.SIGHUP)
	discreet()
	prepare()
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
	if len(args) > 0 {
		switch args[0] {
		case "keygen":
			return finish(keygen(args[1:], stdout), stderr)
		case "check":
			return finish(checkUp(ctx, args[1:], stdout), stderr)
		}
	}
	c, err := parse(args, stdout)
	switch {
	case err != nil:
		return finish(usageError{err}, stderr)
	case c.version:
		fmt.Fprintln(stdout, "watertight-server", version())
		return exitOK
	}
	s, err := start(c, stderr)
	if err != nil {
		return finish(err, stderr)
	}
	fmt.Fprint(stdout, s.describe())
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	}
	return finish(errors.Join(err, s.stop()), stderr)
}

// finish prints what went wrong, if anything did.
func finish(err error, stderr io.Writer) int {
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	fmt.Fprintf(stderr, "watertight-server: %v\n", err)
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailed
}

// usageError is a wrong command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

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
