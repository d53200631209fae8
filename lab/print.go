package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"watertight/lab/result"
	"watertight/lab/scenario"
)

// printer shows results: a line of JSON each, or a table for people. Progress
// goes to another stream, so that output can be piped.
type printer struct {
	json          bool
	out, progress io.Writer
	header        bool
	good, bad     int
}

func (p *printer) begin(s *scenario.Scenario, b scenario.Browser) {
	if p.json {
		return
	}
	fmt.Fprintf(p.progress, "── %s in %s: %s\n", s.Name, b, s.Title)
}

func (p *printer) show(e event) {
	if e.Progress != "" && !p.json {
		fmt.Fprintf(p.progress, "   %s\n", e.Progress)
	}
	if e.Result == nil {
		return
	}
	if e.Result.OK() {
		p.good++
	} else {
		p.bad++
	}
	if p.json {
		_ = json.NewEncoder(p.out).Encode(e.Result) // the exit code speaks if nobody reads
		return
	}
	p.row(*e.Result)
}

func (p *printer) row(r result.Result) {
	if !p.header {
		p.header = true
		fmt.Fprintf(p.out, "%-6s %-24s %-9s %-8s %6s  %s\n", "", "scenario", "browser", "outcome", "ms", "findings")
	}
	mark := "ok"
	if !r.OK() {
		mark = "WRONG"
	}
	name := r.Scenario
	if r.Check != "" {
		name += ": " + r.Check
	}
	fmt.Fprintf(p.out, "%-6s %-24s %-9s %-8s %6.0f  %s\n", mark, name, r.Browser, r.Outcome, r.MS.Verdict, strings.Join(r.Findings, " "))
	detail := func(what string, items []string) {
		if len(items) > 0 {
			fmt.Fprintf(p.out, "       %s: %s\n", what, strings.Join(items, "; "))
		}
	}
	detail("missed", r.Missed)
	detail("false", r.False)
	detail("wrong", r.Wrong)
	if r.Error != "" {
		detail("the lab failed", []string{r.Error})
	}
}

func (p *printer) end() {
	if !p.json {
		fmt.Fprintf(p.out, "%d as expected, %d not\n", p.good, p.bad)
	}
}
