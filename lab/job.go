package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"watertight/lab/conformance"
	"watertight/lab/isolate"
	"watertight/lab/result"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// job is one scenario in one browser: what the isolated process is given.
type job struct {
	File        string
	Browser     scenario.Browser
	HTTPS       bool   // the extension is the one that was built for such a companion
	Nodes       int    // as in the file, or on the command line
	Worker      bool   // the API is the Cloudflare Worker
	Root        string // of the source tree: the driver is there
	Build       string // build products
	Out         string
	Screenshots bool
	Headed      bool   // and stays open
	Traces      string // folder for what websites do; none: they are not recorded
	Shell       []string
	Table       *tableJob
	Conform     bool
	Flood       string // the kind of resolver in whose name it comes
}

// event is what the isolated process reports, one JSON object a line.
type event struct {
	Progress string           `json:"progress,omitempty"`
	Result   *result.Result   `json:"result,omitempty"`
	Reply    *result.Reply    `json:"reply,omitempty"`
	Row      *row             `json:"row,omitempty"`
	Case     *conformance.Row `json:"case,omitempty"`
	Flood    *floodRow        `json:"flood,omitempty"`
}

// inside is the command that the isolated process is started with.
const inside = "inside"

func (j job) command() (*exec.Cmd, error) {
	arg, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("write job: %w", err)
	}
	return isolate.Command(inside, string(arg)), nil
}

// isolated runs a job in namespaces of its own and hands its events on. When
// it returns nothing of the lab is left.
func isolated(ctx context.Context, j job, handle func(event)) error {
	cmd, err := j.command()
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("start lab: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w: start lab: %w", isolate.ErrMissing, err)
	}
	var once sync.Once
	stop := context.AfterFunc(ctx, func() { once.Do(func() { _ = cmd.Process.Kill() }) }) // may have ended
	defer stop()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return fmt.Errorf("read lab: %w", err)
		}
		handle(e)
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return fmt.Errorf("stopped: %w", ctx.Err())
	}
	if err != nil {
		return fmt.Errorf("lab ended: %w", err)
	}
	return nil
}

// paths fills in where things are, as absolute paths.
func (j *job) paths(root, build string) error {
	for _, p := range []struct {
		to   *string
		from string
	}{{&j.Root, root}, {&j.Build, build}, {&j.Out, filepath.Join(root, "out")}, {&j.File, j.File}, {&j.Traces, j.Traces}} {
		if p.from == "" {
			continue
		}
		abs, err := filepath.Abs(p.from)
		if err != nil {
			return fmt.Errorf("find %s: %w", p.from, err)
		}
		*p.to = abs
	}
	return nil
}

func (j job) extension() string {
	if j.HTTPS {
		return filepath.Join(j.Build, "https-"+string(j.Browser))
	}
	return filepath.Join(j.Build, string(j.Browser))
}

func (j job) programs() world.Programs {
	p := world.Programs{Server: j.server(), Authority: j.authority()}
	if j.Worker {
		p.Worker = []string{j.workerd(), "--root", j.Root}
	}
	return p
}
func (j job) workerd() string   { return filepath.Join(j.Build, "workerd") }
func (j job) authority() string { return filepath.Join(j.Build, "pebble") }
func (j job) server() string    { return filepath.Join(j.Build, "watertight-server") }
func (j job) driver() string    { return filepath.Join(j.Root, "e2e", "driver.js") }

// built names the first build product that is missing.
func (j job) built() error {
	needs := []string{j.server(), filepath.Join(j.extension(), "manifest.json"), j.driver()}
	if j.HTTPS {
		needs = append(needs, j.authority())
	}
	if j.Worker {
		needs = append(needs, j.workerd(), filepath.Join(j.Build, "worker", "wrangler.jsonc"))
	}
	for _, path := range needs {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("%w: %w (./build.sh lab builds it)", isolate.ErrMissing, err)
		}
	}
	return nil
}
