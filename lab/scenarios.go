package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"watertight/lab/result"
	"watertight/lab/scenario"
)

// options are the flags that both commands share.
type options struct {
	browser, root, build string
	json, pictures       bool
	nodes                int
	api                  string
}

func (o *options) register(flags *flag.FlagSet, browser, allowed string) {
	flags.SetOutput(io.Discard) // parse reports
	flags.StringVar(&o.browser, "browser", browser, allowed)
	flags.BoolVar(&o.json, "json", false, "one JSON object a line")
	flags.StringVar(&o.root, "root", ".", "the source tree")
	flags.StringVar(&o.build, "build", "build", "the build products")
}

// parse lets flags stand after names too: people add them at the end.
func parse(flags *flag.FlagSet, args []string) (names []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, fmt.Errorf("%w: %w\n%s", errUsage, err, usage)
		}
		if args = flags.Args(); len(args) > 0 {
			names, args = append(names, args[0]), args[1:]
		}
	}
	return names, nil
}

func scenarios(ctx context.Context, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("scenarios", flag.ContinueOnError)
	o.register(flags, "all", "chromium, firefox or all")
	ci := flags.Bool("ci", false, "only the scenarios that every change is tested with")
	flags.BoolVar(&o.pictures, "pictures", false, "save every popup that is seen as out/*.png, light and dark")
	traces := flags.String("traces", "", "a folder to record there what websites do, for leak/site/testdata/traces")
	flags.IntVar(&o.nodes, "nodes", 0, "so many DNS nodes, each a name server, that report to the companion (2 to 8; what needs a companion of one machine is left out)")
	flags.StringVar(&o.api, "api", "binary", "binary, or worker: the API runs as a Cloudflare Worker, with three nodes unless told")
	onlyList := flags.Bool("list", false, "list the scenarios")
	names, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if !slices.Contains([]string{"chromium", "firefox", "all"}, o.browser) {
		return 0, fmt.Errorf("%w: --browser %s (allowed: chromium, firefox, all)", errUsage, o.browser)
	}
	if err := o.checkAPI(); err != nil {
		return 0, err
	}
	files, err := find(o.root, names, *ci || *onlyList)
	if err != nil {
		return 0, err
	}
	loaded, err := loadAll(files)
	if err != nil {
		return 0, err
	}
	if *ci {
		loaded = slices.DeleteFunc(loaded, func(s *scenario.Scenario) bool { return !s.CI })
	}
	if o.nodes != 0 {
		if loaded, err = o.spread(loaded); err != nil {
			return 0, err
		}
	}
	if *onlyList {
		return exitOK, list(os.Stdout, ownFolder(o.root), loaded, o.json)
	}
	if !slices.ContainsFunc(loaded, func(s *scenario.Scenario) bool { return slices.ContainsFunc(s.Browsers, o.wants) }) {
		return 0, fmt.Errorf("%w: no scenario is left to run", errUsage)
	}
	if err := prepared(ctx, o, loaded); err != nil {
		return 0, err
	}
	return runAll(ctx, o, loaded, *traces)
}

const (
	apiBinary = "binary"
	apiWorker = "worker"
	// workerNodes report to a Worker when no number is given.
	workerNodes = 3
)

// checkAPI reads which API it is. A Worker cannot be without nodes.
func (o *options) checkAPI() error {
	switch {
	case o.api == apiBinary:
	case o.api != apiWorker:
		return fmt.Errorf("%w: --api %s (allowed: binary, worker)", errUsage, o.api)
	case o.nodes == 0:
		o.nodes = workerNodes
	}
	return nil
}

// spread gives every scenario the nodes of the command line, but those that cannot have any.
func (o options) spread(loaded []*scenario.Scenario) ([]*scenario.Scenario, error) {
	if wrong := (&scenario.Scenario{Nodes: o.nodes}).CheckNodes(); wrong != "" {
		return nil, fmt.Errorf("%w: --nodes %s", errUsage, wrong)
	}
	return slices.DeleteFunc(loaded, func(s *scenario.Scenario) bool {
		s.Nodes = o.nodes
		wrong := s.CheckNodes()
		if wrong != "" {
			fmt.Fprintf(os.Stderr, "%s is left out: --nodes %s\n", s.Name, wrong)
		}
		return wrong != ""
	}), nil
}

// wants reports whether the user asked for this browser.
func (o options) wants(b scenario.Browser) bool { return o.browser == "all" || o.browser == string(b) }

func loadAll(files []string) ([]*scenario.Scenario, error) {
	var out []*scenario.Scenario
	var problems []error
	for _, file := range files {
		s, err := scenario.Load(file)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		out = append(out, s)
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("%w: %w", errUsage, errors.Join(problems...))
	}
	return out, nil
}

func runAll(ctx context.Context, o options, loaded []*scenario.Scenario, traces string) (int, error) {
	out := printer{json: o.json, out: os.Stdout, progress: os.Stderr}
	worst := exitOK
	for _, s := range loaded {
		for _, b := range s.Browsers {
			if !o.wants(b) {
				continue
			}
			j := job{File: s.File, Browser: b, HTTPS: s.HTTPS, Nodes: s.Nodes, Worker: o.api == apiWorker, Screenshots: o.pictures, Traces: traces}
			if err := j.paths(o.root, o.build); err != nil {
				return 0, err
			}
			if err := j.built(); err != nil {
				return 0, err
			}
			out.begin(s, b)
			checks := 0
			err := isolated(ctx, j, func(e event) {
				out.show(e)
				if e.Result == nil {
					return
				}
				checks++
				worst = max(worst, codeOf(*e.Result))
			})
			if err != nil {
				return 0, fmt.Errorf("%s in %s: %w", s.Name, b, err)
			}
			if checks == 0 {
				return 0, fmt.Errorf("%s in %s: no check was made", s.Name, b)
			}
		}
	}
	out.end()
	return worst, nil
}

func codeOf(r result.Result) int {
	switch {
	case r.Error != "":
		return exitBroken
	case !r.OK():
		return exitFailed
	}
	return exitOK
}

// list prints what each is called on the command line, and what it is about.
func list(w io.Writer, own string, loaded []*scenario.Scenario, asJSON bool) error {
	enc := json.NewEncoder(w)
	wide := 0
	for _, s := range loaded {
		wide = max(wide, len(called(own, s.File)))
	}
	for _, s := range loaded {
		if asJSON {
			if err := enc.Encode(map[string]any{"scenario": s.Name, "title": s.Title, "browsers": s.Browsers, "file": s.File}); err != nil {
				return fmt.Errorf("write list: %w", err)
			}
			continue
		}
		fmt.Fprintf(w, "%-*s  %s\n", wide, called(own, s.File), strings.TrimSpace(s.Title))
	}
	return nil
}
