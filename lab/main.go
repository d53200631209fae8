// Command lab is Watertight's leak lab: networks of Linux namespaces with real
// tunnels, resolvers and NAT, and a real browser inside, as scenario files
// describe them.
//
//	lab scenarios [--browser chromium|firefox|all] [--ci] [--json] [--list] [--pictures] [--nodes N] [--api binary|worker] [NAME|DIR|FILE…]
//	lab run       [--browser chromium|firefox] [--json] [--headed]
//	lab resolvers [--json] [KIND…]
//	lab conformance [--json]
//	lab flood     [--json] [KIND…]
//	lab shell     NAME|FILE [PROGRAM…]
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"watertight/lab/calls"
	"watertight/lab/isolate"
	"watertight/lab/pages"
)

// Exit codes: what went wrong, for scripts.
const (
	exitOK      = 0
	exitFailed  = 1 // a finding was missed or false, or something else was not as expected
	exitUsage   = 2 // the command line or a scenario file is wrong
	exitMissing = 3 // this system cannot make the lab; the message says what is missing
	exitBroken  = 4 // the lab itself failed: nothing was measured
)

// errUsage marks errors of the command line and of scenario files.
var errUsage = errors.New("usage")

const usage = `usage:
  lab scenarios [--browser chromium|firefox|all] [--ci] [--json] [--list] [--pictures] [--nodes N] [--api binary|worker] [NAME|DIR|FILE…]
  lab run       [--browser chromium|firefox] [--json] [--headed]
  lab resolvers [--json] [KIND…]
  lab conformance [--json]
  lab flood     [--json] [KIND…]
  lab shell     NAME|FILE [PROGRAM…]
`

// The main goroutine keeps the main thread: the isolated lab dies with the
// thread that started it (package isolate), and this one lives longest.
func init() { runtime.LockOSThread() }

func main() {
	// Debian keeps ip, nft and tc out of an ordinary user's path.
	os.Setenv("PATH", os.Getenv("PATH")+":/usr/local/sbin:/usr/sbin:/sbin")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := dispatch(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func dispatch(ctx context.Context, args []string) int {
	command := ""
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	var err error
	code := exitOK
	switch command {
	case "scenarios":
		code, err = scenarios(ctx, args)
	case "run":
		code, err = run(ctx, args)
	case "resolvers":
		code, err = resolvers(ctx, args)
	case "conformance":
		code, err = conform(ctx, args)
	case "flood":
		code, err = flooded(ctx, args)
	case "shell":
		code, err = shell(ctx, args)
	case inside:
		err = runInside(ctx, args)
	case calls.Command:
		err = calls.Serve()
	case pages.Command:
		err = pages.Serve()
	case isolate.SelfTest:
		err = isolate.Enter()
	default:
		err = fmt.Errorf("%w: unknown command %q\n%s", errUsage, command, usage)
	}
	if err == nil {
		return code
	}
	fmt.Fprintln(os.Stderr, "lab:", err)
	switch {
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.Is(err, isolate.ErrMissing):
		return exitMissing
	}
	return exitBroken
}
