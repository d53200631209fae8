package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"watertight/lab/isolate"
	"watertight/lab/result"
	"watertight/lab/scenario"
	"watertight/lab/words"
)

// demo is the scenario that `run` shows.
const demo = "demo"

// summary is the last line of `run --json`.
type summary struct {
	Browser     string    `json:"browser"`
	Outcome     string    `json:"outcome"`
	Findings    []string  `json:"findings"`
	MS          result.MS `json:"ms"`
	Screenshots []string  `json:"screenshots"`
	// Fallback is why the demo network could not be made, if so.
	Fallback string `json:"fallback,omitempty"`
}

// run shows the main job to a person: a network whose VPN leaks, a real
// browser in it, one click.
func run(ctx context.Context, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	o.register(flags, "chromium", "chromium or firefox")
	headed := flags.Bool("headed", false, "show the browser and leave it open")
	names, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(names) > 0 || !slices.Contains([]string{"chromium", "firefox"}, o.browser) {
		return 0, fmt.Errorf("%w: run takes --browser chromium or firefox, --json, --headed\n%s", errUsage, usage)
	}
	loaded, err := loadAll([]string{filepath.Join(o.root, "lab", "scenarios", demo+".yaml")})
	if err != nil {
		return 0, err
	}
	j := job{File: loaded[0].File, Browser: scenario.Browser(o.browser), Screenshots: true, Headed: *headed}
	if err := j.paths(o.root, o.build); err != nil {
		return 0, err
	}
	if err := j.built(); err != nil {
		return 0, err
	}
	show := display{json: o.json, out: os.Stdout, job: j}
	err = prepared(ctx, o, loaded)
	if errors.Is(err, isolate.ErrMissing) {
		return fallback(ctx, j, show, err)
	}
	if err != nil {
		return 0, err
	}
	return inLab(ctx, j, show, loaded[0].Title)
}

func inLab(ctx context.Context, j job, show display, title string) (int, error) {
	show.say("A demo network: %s.\n", title)
	code := exitBroken
	err := isolated(ctx, j, func(e event) {
		if e.Progress != "" {
			show.say("  %s\n", e.Progress)
		}
		if e.Result == nil {
			return
		}
		code = codeOf(*e.Result)
		if e.Reply == nil {
			fmt.Fprintln(os.Stderr, "lab:", e.Result.Error)
			return
		}
		show.verdict(*e.Reply, "")
		for _, list := range [][]string{e.Result.Missed, e.Result.False, e.Result.Wrong} {
			for _, wrong := range list {
				fmt.Fprintln(os.Stderr, "lab: not as this network is known to be:", wrong)
			}
		}
	})
	return code, err
}

// display prints for people, or one line of JSON at the end.
type display struct {
	json bool
	out  io.Writer
	job  job
}

func (d display) say(format string, args ...any) {
	if !d.json {
		fmt.Fprintf(d.out, format, args...)
	}
}

func (d display) verdict(r result.Reply, fallback string) {
	if d.json {
		if r.Findings == nil {
			r.Findings = []string{}
		}
		line := summary{string(d.job.Browser), r.Outcome, r.Findings, r.MS, r.Screenshots, fallback}
		_ = json.NewEncoder(d.out).Encode(line) // the exit code speaks if nobody reads
		return
	}
	texts, err := words.Load(d.job.extension())
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err) // ids are shown instead
	}
	d.say("\n%s\n%.0f ms from the click to the verdict.\n", texts.Verdict(r), r.MS.Verdict)
	for _, path := range r.Screenshots {
		d.say("screenshot: %s\n", path)
	}
	if d.job.Headed {
		d.say("The browser stays open; close it, or press Ctrl-C here.\n")
	}
}
