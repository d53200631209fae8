// Package browser drives a real browser inside the lab, through the project's
// driver program and its protocol of one JSON object a line.
package browser

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"time"

	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/scenario"
)

// Options are what the browser is started with.
type Options struct {
	Driver    string // the driver's script
	Browser   scenario.Browser
	Extension string // directory of the unpacked extension
	Out       string // where screenshots go
	Headed    bool
	Proxy     string // URL, or empty
	Settings  scenario.Settings
	// Namespace and View place it in the lab; without a namespace it runs on
	// the host's own network.
	Namespace string
	View      netns.View
}

// Args is the command line of the driver.
func (o Options) Args() []string {
	args := []string{o.Driver, "--browser", string(o.Browser), "--extension", o.Extension, "--out", o.Out}
	if o.Headed {
		args = append(args, "--headed")
	}
	if o.Proxy != "" {
		args = append(args, "--proxy", o.Proxy)
	}
	if o.Browser == "chromium" {
		for _, a := range o.Settings.Chromium.Args {
			args = append(args, "--arg="+a) // in one word: it starts with a dash itself
		}
	} else {
		for _, k := range slices.Sorted(maps.Keys(o.Settings.Firefox.Prefs)) {
			args = append(args, "--pref", k+"="+o.Settings.Firefox.Prefs[k])
		}
	}
	for _, g := range o.Settings.Grants {
		args = append(args, "--grant", g.Origin+"="+string(g.Permission))
	}
	return args
}

// Driver is a running browser.
type Driver struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	lines   chan []byte
	stderr  *tail
	ended   func() // waits for the process, however often it is called
	Version string
}

// How long a browser may take on two busy cores. A check ends by itself after
// 2.5 s, and hardening makes up to a dozen of them; the rest is the driver's own
// work (screenshots above all).
const (
	startPatience   = 60 * time.Second
	commandPatience = 90 * time.Second
)

// lastWordsWithin is how long after the end of what a driver says the reason for
// it may come: that is told on another pipe.
const lastWordsWithin = 2 * time.Second

// Start starts the driver and waits until the browser is ready.
func Start(ctx context.Context, o Options) (*Driver, error) {
	cmd := exec.Command("node", o.Args()...)
	cmd.Env = os.Environ()
	if o.Namespace != "" {
		cmd.Env = environment(cmd.Env)
	}
	d := &Driver{cmd: cmd, lines: make(chan []byte), stderr: &tail{}}
	d.ended = sync.OnceFunc(func() { _ = cmd.Wait() }) // however it ended, it has
	cmd.Stderr, cmd.WaitDelay = d.stderr, lastWordsWithin
	var err error
	if d.in, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start driver: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start driver: %w", err)
	}
	if o.Namespace == "" {
		err = cmd.Start()
	} else {
		err = netns.Start(o.Namespace, cmd, o.View)
	}
	if err != nil {
		return nil, fmt.Errorf("start driver: %w", err)
	}
	go d.read(out)
	var ready struct {
		Ready   bool   `json:"ready"`
		Version string `json:"version"`
	}
	if err := d.receive(ctx, startPatience, &ready); err != nil {
		d.Kill()
		return nil, fmt.Errorf("start browser: %w", err)
	}
	d.Version = ready.Version
	return d, nil
}

// environment takes away what leads out of the lab: the user's home and
// caches, and the session bus.
func environment(env []string) []string {
	env = slices.DeleteFunc(env, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "DBUS_SESSION_BUS_ADDRESS"}, name)
	})
	return append(env, "HOME="+isolate.Home, "TMPDIR="+isolate.Temp)
}

func (d *Driver) read(out io.Reader) {
	defer close(d.lines)
	in := bufio.NewScanner(out)
	in.Buffer(nil, 16<<20) // evidence and verdict on one line
	for in.Scan() {
		d.lines <- bytes.Clone(in.Bytes())
	}
}

func (d *Driver) receive(ctx context.Context, patience time.Duration, reply any) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case line, ok := <-d.lines:
		if !ok {
			return fmt.Errorf("driver ended: %s", d.lastWords())
		}
		var failed struct {
			Error string `json:"error"`
		}
		if err := json.Unmarshal(line, &failed); err != nil {
			return fmt.Errorf("driver said %.200q: %w", line, err)
		}
		if failed.Error != "" {
			return errors.New(failed.Error)
		}
		return json.Unmarshal(line, reply)
	case <-ctx.Done():
		return fmt.Errorf("driver is silent: %w: %s", ctx.Err(), d.stderr)
	}
}

// Do sends one command and decodes its reply.
func (d *Driver) Do(ctx context.Context, command map[string]any, reply any) error {
	line, err := json.Marshal(command)
	if err != nil {
		return fmt.Errorf("write command: %w", err)
	}
	if _, err := d.in.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("write command: %w: %s", err, d.stderr)
	}
	if err := d.receive(ctx, commandPatience, reply); err != nil {
		return fmt.Errorf("%v: %w", command["do"], err)
	}
	return nil
}

// Quit closes the browser in an orderly way, or not.
func (d *Driver) Quit(ctx context.Context) {
	var reply struct{}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	_ = d.Do(ctx, map[string]any{"do": "quit"}, &reply) // its end is all that matters
	d.Kill()
}

// Kill ends the driver, and with it the browser.
func (d *Driver) Kill() {
	_ = d.cmd.Process.Kill() // may have ended already
	go func() {
		for range d.lines { // lets the reader reach the end
		}
	}()
	d.ended()
}

// Wait waits until the browser's user closes it.
func (d *Driver) Wait() {
	for range d.lines {
	}
	d.ended()
}

// lastWords is why a driver that says nothing more has ended.
func (d *Driver) lastWords() *tail {
	gone := make(chan struct{})
	go func() {
		d.ended()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(lastWordsWithin):
	}
	return d.stderr
}
