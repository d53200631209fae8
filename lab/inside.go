package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"watertight/lab/browser"
	"watertight/lab/capture"
	"watertight/lab/companion"
	"watertight/lab/conformance"
	"watertight/lab/isolate"
	"watertight/lab/pages"
	"watertight/lab/proxy"
	"watertight/lab/result"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// runInside is process 1 of the lab: it makes the world of one scenario,
// walks through its steps and reports. Whatever happens, it reports a line
// for every check, so that no failure passes as silence.
func runInside(ctx context.Context, args []string) error {
	var j job
	if len(args) != 1 {
		return fmt.Errorf("%w: %s is not for calling by hand", errUsage, inside)
	}
	if err := json.Unmarshal([]byte(args[0]), &j); err != nil {
		return fmt.Errorf("%w: read job: %w", errUsage, err)
	}
	out := json.NewEncoder(os.Stdout)
	report := func(e event) {
		_ = out.Encode(e) // a reader that is gone has killed this process already
	}
	if err := isolate.Enter(); err != nil {
		return fmt.Errorf("%w: %w", isolate.ErrMissing, err)
	}
	if j.Table != nil {
		r, err := j.measureResolver(ctx)
		report(event{Row: r})
		return err
	}
	if j.Flood != "" {
		r, err := j.flood(ctx)
		report(event{Flood: r})
		return err
	}
	if j.Conform {
		return j.conform(ctx, func(r conformance.Row) { report(event{Case: &r}) })
	}
	s, err := scenario.Load(j.File)
	if err != nil {
		return fmt.Errorf("%w: %w", errUsage, err)
	}
	if j.Nodes != 0 {
		s.Nodes = j.Nodes
	}
	if j.Shell != nil {
		return j.inShell(ctx, s)
	}
	c := course{job: j, scenario: s, report: report}
	if err := c.walk(ctx); err != nil {
		report(event{Result: &result.Result{Scenario: s.Name, Check: c.check, Browser: string(j.Browser), Outcome: "unknown",
			Findings: []string{}, Missed: []string{}, False: []string{}, Error: err.Error()}})
	}
	return nil
}

type course struct {
	job
	scenario  *scenario.Scenario
	report    func(event)
	driver    *browser.Driver
	companion *companion.Companion
	check     string           // under way
	packets   *capture.Capture // at the companion; nil where nothing is hardened
	visitors  *capture.Capture // at the websites; nil where none are visited
	peer      *browser.Driver  // the called end; nil until there is a call
	visited   bool
}

func (c *course) progress(format string, args ...any) {
	c.report(event{Progress: fmt.Sprintf(format, args...)})
}

func (c *course) walk(ctx context.Context) error {
	began := time.Now()
	w, err := world.Create(ctx, c.scenario, c.programs())
	if err != nil {
		return fmt.Errorf("make network: %w", err)
	}
	c.companion = w.Companion
	c.progress("network up after %d ms", time.Since(began).Milliseconds())
	began = time.Now()
	extension := c.extension()
	if c.scenario.Hardens() {
		if c.packets, err = capture.Start(append(c.scenario.NodeNames(), "companion")...); err != nil {
			return err
		}
	}
	if c.scenario.VisitsSites() {
		if c.visitors, err = capture.Start(pages.Machine); err != nil {
			return err
		}
	}
	if grants := (browser.Grants{Setting: c.scenario.Hardens(), Sites: c.scenario.VisitsSites()}); grants != (browser.Grants{}) {
		extension = filepath.Join(isolate.Temp, "granted")
		if err := browser.Granted(c.extension(), extension, grants); err != nil {
			return err
		}
	}
	o := browser.Options{Driver: c.job.driver(), Browser: c.Browser, Extension: extension, Out: c.Out, Headed: c.Headed,
		Settings: c.scenario.Settings, Namespace: "client", View: w.Client}
	if c.scenario.Proxy != nil {
		o.Proxy = proxy.URL(c.scenario.Proxy)
	}
	if c.driver, err = browser.Start(ctx, o); err != nil {
		return err
	}
	c.progress("%s %s ready after %d ms", c.Browser, c.driver.Version, time.Since(began).Milliseconds())
	if c.scenario.Baseline != nil {
		var reply map[string]any
		if err := c.driver.Do(ctx, world.StoreBaseline(c.scenario), &reply); err != nil {
			return fmt.Errorf("store baseline: %w", err)
		}
	}
	if c.scenario.Hardens() {
		if err := c.harden(ctx); err != nil {
			return err
		}
	}
	for _, step := range c.scenario.Course() {
		if err := c.step(ctx, w, step); err != nil {
			return err
		}
	}
	if c.Headed {
		c.driver.Wait()
		return nil
	}
	c.driver.Quit(ctx)
	if c.peer != nil {
		c.peer.Quit(ctx)
	}
	return nil
}

func (c *course) step(ctx context.Context, w *world.World, step scenario.Step) error {
	switch {
	case step.Call != nil:
		return c.call(ctx, w, *step.Call)
	case step.Site != nil:
		return c.site(ctx, w, *step.Site)
	case step.Rival != "":
		return c.rival(ctx, step.Rival)
	case step.Drive != nil:
		var reply map[string]any
		return c.driver.Do(ctx, step.Drive, &reply)
	case step.Check == nil:
		return w.Apply(ctx, step)
	}
	c.check = step.Check.Name
	command := map[string]any{"do": "check", "screenshots": c.screenshots()}
	if step.Check.Deep {
		command["deep"] = true
	}
	if step.Check.Press != "" {
		command["press"] = step.Check.Press
	}
	want := step.Check.Expect.For(c.Browser)
	reply, r, err := c.look(ctx, command, want)
	for try := 1; err == nil && r.Late(want.Budget) && try < result.MaxTries; try++ {
		// What the last click set off has to end first: the browser takes its
		// frames down, and nobody clicks again in the same moment.
		time.Sleep(betweenTries)
		var next result.Result
		reply, next, err = c.look(ctx, command, want)
		r = r.Again(want.Budget, next)
	}
	// Nothing is sealed for a check that could not tell, which on a busy machine
	// happens. The user would ask again.
	for try := 1; err == nil && c.scenario.Hardens() && r.Unsure(want) && try < maxUnsure; try++ {
		reply, r, err = c.look(ctx, command, want)
		r.Tries = try + 1
	}
	if err != nil {
		return err
	}
	r.Scenario, r.Browser, r.Check = c.scenario.Name, string(c.Browser), c.check
	c.report(event{Result: &r, Reply: &reply})
	return nil
}

// maxUnsure bounds the checks that are made until one can tell.
const maxUnsure = 3

// betweenTries is longer than a browser is busy with what a closed popup leaves.
const betweenTries = 1500 * time.Millisecond

// look makes one check and compares it.
func (c *course) look(ctx context.Context, command map[string]any, want scenario.Expect) (result.Reply, result.Result, error) {
	var reply result.Reply
	before, err := c.spoken()
	if err != nil {
		return reply, result.Result{}, err
	}
	if err := c.driver.Do(ctx, command, &reply); err != nil {
		return reply, result.Result{}, err
	}
	r := result.Compare(want, reply)
	if before != nil {
		after, err := c.spoken()
		if err != nil {
			return reply, r, err
		}
		r.Spoke(want.HTTP, before, after)
	}
	if c.packets != nil {
		r.Harden(want, reply, c.packets.STUN())
	}
	return reply, r, nil
}

// spoken is how often the companion was asked in which version of HTTP; nil where it
// speaks no HTTPS.
func (c *course) spoken() (map[string]int, error) {
	if !c.scenario.HTTPS {
		return nil, nil
	}
	return c.companion.Versions()
}

// screenshots is the name that the check's pictures get, or none.
func (c *course) screenshots() string {
	if !c.Screenshots {
		return ""
	}
	parts := []string{c.scenario.Name, string(c.Browser)}
	if c.check != "" {
		parts = append(parts, strings.ReplaceAll(c.check, " ", "-"))
	}
	return strings.Join(parts, "-")
}
