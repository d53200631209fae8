package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// shell makes a scenario's network and runs a program (default: a shell) on
// its client, to look around when a scenario surprises. Other machines can be
// entered from there: `ip netns exec isp …`.
func shell(ctx context.Context, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("shell", flag.ContinueOnError)
	o.register(flags, "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
		return 0, fmt.Errorf("%w: lab shell NAME|FILE [PROGRAM…]", errUsage)
	}
	files, err := find(o.root, flags.Args()[:1], false)
	if err != nil {
		return 0, err
	}
	loaded, err := loadAll(files[:1])
	if err != nil {
		return 0, err
	}
	if err := prepared(ctx, o, loaded); err != nil {
		return 0, err
	}
	j := job{File: files[0], Shell: flags.Args()[1:]}
	if len(j.Shell) == 0 {
		j.Shell = []string{"/bin/sh"}
	}
	if err := j.paths(o.root, o.build); err != nil {
		return 0, err
	}
	cmd, err := j.command()
	if err != nil {
		return 0, err
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("%w: start lab: %w", isolate.ErrMissing, err)
	}
	defer context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })() // may have ended
	var exit *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return exitOK, nil
}

func (j job) inShell(ctx context.Context, s *scenario.Scenario) error {
	w, err := world.Create(ctx, s, j.programs())
	if err != nil {
		return fmt.Errorf("make network: %w", err)
	}
	cmd := exec.CommandContext(ctx, j.Shell[0], j.Shell[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := netns.Start("client", cmd, w.Client); err != nil {
		return err
	}
	return cmd.Wait()
}
