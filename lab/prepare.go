package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"watertight/lab/debian"
	"watertight/lab/isolate"
	"watertight/lab/resolver"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// prepared says everything that is missing at once, before the first scenario.
func prepared(ctx context.Context, o options, loaded []*scenario.Scenario) error {
	tools, tun := []string{"node"}, false
	for _, s := range loaded {
		more, needsTun := world.Tools(s)
		tools, tun = append(tools, more...), tun || needsTun
		for _, r := range s.Resolvers {
			if r.Kind == "systemd-resolved" {
				if err := findResolved(ctx, o); err != nil {
					return fmt.Errorf("%w: %w", isolate.ErrMissing, err)
				}
			}
		}
	}
	slices.Sort(tools)
	return isolate.Check(slices.Compact(tools), tun)
}

// findResolved tells the isolated process, which has no way to the packages.
func findResolved(ctx context.Context, o options) error {
	dir, err := filepath.Abs(filepath.Join(o.build, "debian"))
	if err != nil {
		return fmt.Errorf("find build products: %w", err)
	}
	program, libs, err := debian.Resolved(ctx, dir)
	if err != nil {
		return err
	}
	os.Setenv(resolver.EnvProgram, program)
	os.Setenv(resolver.EnvLibs, libs)
	return nil
}
