// Package workerd runs the bundled Worker on this machine, under the same engine as
// Cloudflare's, with the file that it would be deployed with. Only what is in front of
// it is ours: edge.js says which address a request came from.
package workerd

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// startTime for the engine alone; Go boots with the first request.
const startTime = 30 * time.Second

// Options of a run.
type Options struct {
	Root     string            // of the repository
	Folder   string            // what `./build.sh worker` made, below Root
	HTTP     []string          // addresses; port 0 is any
	Vars     map[string]string // beside those of wrangler.jsonc, or in their place
	Networks string            // CSV file of the operator's, or ""
	CF       any               // what Cloudflare would say of every request
	Bare     bool              // nobody plays the edge: the load says who asks
	Keep     bool              // objects stay when nobody asks them, as they do for a minute at Cloudflare's
	Count    bool              // calls are counted, which costs something; see Counted
	Stderr   io.Writer
}

// Process is a Worker that runs.
type Process struct {
	Addrs  []string // as in Options, with ports
	PID    int
	count  string // where the counter listens
	cmd    *exec.Cmd
	folder string
	done   chan struct{}
}

// Start returns once it listens.
func Start(o Options) (*Process, error) {
	folder, err := os.MkdirTemp("", "watertight-worker-")
	if err != nil {
		return nil, fmt.Errorf("make folder: %w", err)
	}
	p, err := start(o, folder)
	if err != nil {
		_ = os.RemoveAll(folder)
		return nil, err
	}
	return p, nil
}

func start(o Options, folder string) (*Process, error) {
	if err := prepare(o, folder); err != nil {
		return nil, err
	}
	heard, told, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("make pipe: %w", err)
	}
	defer heard.Close() //nolint:errcheck // only read
	binary, err := engine(o.Root)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(binary, "serve", "--experimental", "--control-fd=3", filepath.Join(folder, "config.capnp")) //nolint:gosec // our own
	cmd.ExtraFiles, cmd.Stderr, cmd.Stdout = []*os.File{told}, o.Stderr, o.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err = cmd.Start()
	_ = told.Close()
	if err != nil {
		return nil, fmt.Errorf("start workerd: %w", err)
	}
	p := &Process{PID: cmd.Process.Pid, cmd: cmd, folder: folder, done: make(chan struct{})}
	go func() {
		_ = cmd.Wait()
		close(p.done)
	}()
	_ = heard.SetReadDeadline(time.Now().Add(startTime))
	want := o.HTTP
	if o.Count {
		want = append(slices.Clone(want), counterAt)
	}
	if p.Addrs, err = listening(heard, want); err != nil {
		_ = p.cmd.Process.Kill()
		<-p.done
		return nil, err
	}
	if o.Count {
		p.count, p.Addrs = p.Addrs[len(o.HTTP)], p.Addrs[:len(o.HTTP)]
	}
	return p, nil
}

// listening reads a line for each socket that is open.
func listening(r io.Reader, want []string) ([]string, error) {
	addrs := make([]string, len(want))
	in := bufio.NewScanner(r)
	for range want {
		if !in.Scan() {
			return nil, errors.Join(errors.New("workerd ended before it listened"), in.Err())
		}
		var line struct {
			Socket string
			Port   int
		}
		if err := json.Unmarshal(in.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("read what workerd says: %w", err)
		}
		i, err := strconv.Atoi(strings.TrimPrefix(line.Socket, "http"))
		if err != nil || i >= len(want) {
			return nil, fmt.Errorf("workerd opened %q", line.Socket)
		}
		host, _, _ := net.SplitHostPort(want[i])
		addrs[i] = net.JoinHostPort(host, strconv.Itoa(line.Port))
	}
	return addrs, nil
}

// Stop ends it at once, as a machine of Cloudflare's may.
func (p *Process) Stop() {
	_ = p.cmd.Process.Kill()
	<-p.done
	_ = os.RemoveAll(p.folder)
}

// Wait until it has ended by itself.
func (p *Process) Wait() { <-p.done }

// engine is the program itself: the script that npm puts in front of it would outlive a kill.
func engine(root string) (string, error) {
	found, _ := filepath.Glob(filepath.Join(root, "node_modules/@cloudflare/workerd-*/bin/workerd"))
	if len(found) != 1 {
		return "", errors.New("workerd is not in node_modules: run `npm ci`")
	}
	return found[0], nil
}
