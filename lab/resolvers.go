package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"watertight/lab/isolate"
	"watertight/lab/scenario"
	"watertight/lab/table"
)

// row is one line of the table of resolvers.
type row struct {
	Resolver string       `json:"resolver"`
	ECS      bool         `json:"ecs_asked_for,omitempty"`
	Traits   table.Traits `json:"traits"`
	Queries  int          `json:"queries"`
	// Wrong is where the companion saw something else than the wire.
	Wrong []string `json:"wrong"`
}

// resolvers shows every kind of resolver to the companion, without a browser,
// and compares what it says with what is on the wire.
func resolvers(ctx context.Context, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("resolvers", flag.ContinueOnError)
	o.register(flags, "", "")
	names, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	var all []*scenario.Scenario
	for _, kind := range scenario.ResolverKind("").Allowed() {
		for _, ecs := range []bool{false, true} {
			wanted := len(names) == 0 || slices.Contains(names, kind)
			if can := slices.Contains([]string{"unbound", "pdns", "dnsmasq"}, kind); !wanted || ecs && !can {
				continue
			}
			s, err := tableScenario(kind, ecs)
			if err != nil {
				return 0, err
			}
			all = append(all, s)
		}
	}
	if len(all) == 0 {
		return 0, fmt.Errorf("%w: no resolver %v (allowed: %s)", errUsage, names, strings.Join(scenario.ResolverKind("").Allowed(), ", "))
	}
	if err := prepared(ctx, o, all); err != nil {
		return 0, err
	}
	code := exitOK
	for _, s := range all {
		r, err := showResolver(ctx, o, s)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", s.Name, err)
		}
		printRow(o.json, *r)
		if len(r.Wrong) > 0 {
			code = exitFailed
		}
	}
	return code, nil
}

// tableScenario is a network of one resolver and a client that asks it.
func tableScenario(kind string, ecs bool) (*scenario.Scenario, error) {
	place := "ecs: " + strconv.FormatBool(ecs)
	if kind == "systemd-resolved" { // is at home on the client, and there only
		place = `"on": client, addresses: [127.0.0.53]`
	}
	text := fmt.Sprintf("title: %s\nwhy: The table of resolvers.\nexpect: {outcome: clear}\n"+
		"resolvers:\n  isp: {kind: %s, %s}\n", kind, kind, place)
	return scenario.Parse(kind+".yaml", []byte(text))
}

func showResolver(ctx context.Context, o options, s *scenario.Scenario) (*row, error) {
	r := s.Resolvers["isp"]
	j := job{Table: &tableJob{Kind: string(r.Kind), ECS: r.ECS}}
	if err := j.paths(o.root, o.build); err != nil {
		return nil, err
	}
	if _, err := os.Stat(j.server()); err != nil {
		return nil, fmt.Errorf("%w: %w (./build.sh lab builds it)", isolate.ErrMissing, err)
	}
	var found *row
	err := isolated(ctx, j, func(e event) {
		if e.Row != nil {
			found = e.Row
		}
	})
	if err == nil && found == nil {
		err = fmt.Errorf("nothing was measured")
	}
	return found, err
}

func printRow(asJSON bool, r row) {
	if asJSON {
		_ = json.NewEncoder(os.Stdout).Encode(r) // the exit code speaks if nobody reads
		return
	}
	mark := "ok   "
	if len(r.Wrong) > 0 {
		mark = "WRONG"
	}
	name := r.Resolver
	if r.ECS {
		name += " with ecs"
	}
	fmt.Printf("%s  %-18s %2d queries  %+v\n", mark, name, r.Queries, r.Traits)
	for _, w := range r.Wrong {
		fmt.Println("       " + w)
	}
}
