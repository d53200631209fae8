// Package workerd runs the bundled Worker on this machine, under the same engine as
// Cloudflare's, with the file that it would be deployed with. Only what is in front of
// it is ours: edge.js says which address a request came from.
package workerd

import (
	"bufio"
	_ "embed" // the edge
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	Stderr   io.Writer
}

// Process is a Worker that runs.
type Process struct {
	Addrs  []string // as in Options, with ports
	PID    int
	cmd    *exec.Cmd
	folder string
	done   chan struct{}
}

//go:embed edge.js
var edge string

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
	if p.Addrs, err = listening(heard, o.HTTP); err != nil {
		_ = p.cmd.Process.Kill()
		<-p.done
		return nil, err
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

// prepare writes the configuration and copies what it names.
func prepare(o Options, folder string) error {
	built := filepath.Join(o.Root, o.Folder)
	wasm, _ := filepath.Glob(filepath.Join(built, "bundle/*.wasm"))
	if len(wasm) != 1 {
		return fmt.Errorf("%s holds no Worker: run ./build.sh worker", built)
	}
	set, err := readSettings(filepath.Join(built, "wrangler.jsonc"))
	if err != nil {
		return err
	}
	maps.Copy(set.Vars, o.Vars)
	assets := filepath.Join(folder, "assets")
	if err := os.MkdirAll(filepath.Join(assets, "networks"), 0o700); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	copies := map[string]string{
		filepath.Join(folder, "index.js"): filepath.Join(built, "bundle/index.js"),
		filepath.Join(folder, "app.wasm"): wasm[0],
	}
	slices, _ := filepath.Glob(filepath.Join(built, "assets/networks/*"))
	for _, from := range slices {
		copies[filepath.Join(assets, "networks", filepath.Base(from))] = from
	}
	if own := filepath.Join(built, "assets/networks.csv"); o.Networks == "" && exists(own) {
		o.Networks = own
	}
	if o.Networks != "" {
		copies[filepath.Join(assets, "networks.csv")] = o.Networks
	}
	for to, from := range copies {
		if err := copyFile(from, to); err != nil {
			return err
		}
	}
	cf, err := json.Marshal(o.CF)
	if err != nil {
		return fmt.Errorf("write cf object: %w", err)
	}
	if o.CF == nil {
		cf = []byte("{}")
	}
	files := map[string]string{"edge.js": edge, "config.capnp": config(o, set, filepath.Base(wasm[0]), assets, string(cf))}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("write configuration: %w", err)
		}
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read what was built: %w", err)
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		return fmt.Errorf("copy what was built: %w", err)
	}
	return nil
}

type settings struct {
	Date string            `json:"compatibility_date"`
	Vars map[string]string `json:"vars"`
}

// What JSON does not know: comments on lines of their own, and a comma at the end of a list.
var (
	comment = regexp.MustCompile(`(?m)^\s*//.*$`)
	comma   = regexp.MustCompile(`,(\s*[}\]])`)
)

func readSettings(name string) (s settings, err error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return s, fmt.Errorf("read settings: %w", err)
	}
	if err := json.Unmarshal(comma.ReplaceAll(comment.ReplaceAll(raw, nil), []byte("$1")), &s); err != nil {
		return s, fmt.Errorf("read %s: %w", name, err)
	}
	return s, nil
}

// config is what Cloudflare makes of wrangler.jsonc, in workerd's own words (workerd.capnp).
func config(o Options, set settings, wasm, assets, cf string) string {
	var sockets, vars strings.Builder
	front, blob := "edge", ""
	if o.Bare {
		front, blob = "worker", `cfBlobHeader = "Cf-Blob"`
	}
	for i, at := range o.HTTP {
		fmt.Fprintf(&sockets, "    (name = \"http%d\", address = %s, service = %q, http = (%s)),\n", i, strconv.Quote(at), front, blob)
	}
	for _, name := range slices.Sorted(maps.Keys(set.Vars)) {
		fmt.Fprintf(&vars, "    (name = %s, text = %s),\n", strconv.Quote(name), strconv.Quote(set.Vars[name]))
	}
	return fmt.Sprintf(`using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = .edge),
    (name = "worker", worker = .worker),
    (name = "assets", disk = %s),
  ],
  sockets = [
%s  ],
);

const edge :Workerd.Worker = (
  modules = [(name = "edge.js", esModule = embed "edge.js")],
  compatibilityDate = "%s",
  bindings = [(name = "WORKER", service = "worker"), (name = "CF", json = %s)],
);

const worker :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "index.js"),
    (name = "%s", wasm = embed "app.wasm"),
  ],
  compatibilityDate = "%s",
  durableObjectNamespaces = [(className = "Shard", uniqueKey = "watertight", enableSql = true, preventEviction = %t)],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "SHARDS", durableObjectNamespace = "Shard"),
    (name = "ASSETS", service = "assets"),
%s  ],
);
`, strconv.Quote(assets), sockets.String(), set.Date, strconv.Quote(cf), "./"+wasm, set.Date, o.Keep, vars.String())
}
