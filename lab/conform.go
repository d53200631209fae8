package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"

	"watertight/lab/conformance"
	"watertight/lab/isolate"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// conformScenario has a client with both families, and the root of the DNS.
func conformScenario() (*scenario.Scenario, error) {
	return scenario.Parse("conformance.yaml", []byte("title: conformance\nwhy: Programs of others.\nexpect: {outcome: clear}\n"+
		"isp: {ipv6: native}\nresolvers:\n  isp: {kind: bind}\n"))
}

// conform lets programs of others judge the companion; see package conformance.
func conform(ctx context.Context, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("conformance", flag.ContinueOnError)
	o.register(flags, "", "")
	if names, err := parse(flags, args); err != nil || len(names) > 0 {
		return 0, fmt.Errorf("%w: conformance takes --json only %v %w", errUsage, names, err)
	}
	s, err := conformScenario()
	if err != nil {
		return 0, err
	}
	tools, tun := world.Tools(s)
	if err := isolate.Check(slices.Concat(tools, conformance.Tools), tun); err != nil {
		return 0, err
	}
	j := job{Conform: true}
	if err := j.paths(o.root, o.build); err != nil {
		return 0, err
	}
	if _, err := os.Stat(j.server()); err != nil {
		return 0, fmt.Errorf("%w: %w (./build.sh lab builds it)", isolate.ErrMissing, err)
	}
	passed, failed := 0, 0
	err = isolated(ctx, j, func(e event) {
		if e.Case == nil {
			return
		}
		if e.Case.OK {
			passed++
		} else {
			failed++
		}
		printCase(o.json, *e.Case)
	})
	if err != nil {
		return 0, err
	}
	if !o.json {
		fmt.Printf("%d as they should be, %d not\n", passed, failed)
	}
	if failed > 0 || passed == 0 {
		return exitFailed, nil
	}
	return exitOK, nil
}

// conform, inside, makes the network and asks.
func (j job) conform(ctx context.Context, report func(conformance.Row)) error {
	s, err := conformScenario()
	if err != nil {
		return err
	}
	if _, err := world.Create(ctx, s, j.programs()); err != nil {
		return fmt.Errorf("make network: %w", err)
	}
	return conformance.Run(ctx, newToken(), report)
}

func printCase(asJSON bool, r conformance.Row) {
	if asJSON {
		_ = json.NewEncoder(os.Stdout).Encode(r) // the exit code speaks if nobody reads
		return
	}
	mark := "ok   "
	if !r.OK {
		mark = "WRONG"
	}
	fmt.Printf("%s  %-8s %-5s %s\n", mark, r.Tool, r.Over, r.Case)
	if r.Said != "" {
		fmt.Println(r.Said)
	}
}
