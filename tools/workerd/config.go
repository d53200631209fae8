package workerd

import (
	_ "embed" // the edge and the counter
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	//go:embed edge.js
	edge string
	//go:embed counter.js
	counter string
)

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
	files := map[string]string{"edge.js": edge, "counter.js": counter, "config.capnp": config(o, set, filepath.Base(wasm[0]), assets, string(cf))}
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
	tails := ""
	if o.Count {
		tails = `"counter"`
		fmt.Fprintf(&sockets, "    (name = \"http%d\", address = %s, service = \"counter\", http = ()),\n", len(o.HTTP), strconv.Quote(counterAt))
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
    (name = "counter", worker = .counter),
  ],
  sockets = [
%s  ],
);

const edge :Workerd.Worker = (
  modules = [(name = "edge.js", esModule = embed "edge.js")],
  compatibilityDate = "%s",
  bindings = [(name = "WORKER", service = "worker"), (name = "CF", json = %s)],
);

const counter :Workerd.Worker = (
  modules = [(name = "counter.js", esModule = embed "counter.js")],
  compatibilityDate = "%s",
);

const worker :Workerd.Worker = (
  modules = [
    (name = "index.js", esModule = embed "index.js"),
    (name = "%s", wasm = embed "app.wasm"),
  ],
  compatibilityDate = "%s",
  tails = [%s],
  durableObjectNamespaces = [(className = "Shard", uniqueKey = "watertight", enableSql = true, preventEviction = %t)],
  durableObjectStorage = (inMemory = void),
  bindings = [
    (name = "SHARDS", durableObjectNamespace = "Shard"),
    (name = "ASSETS", service = "assets"),
%s  ],
);
`, strconv.Quote(assets), sockets.String(), set.Date, strconv.Quote(cf), set.Date, "./"+wasm, set.Date, tails, o.Keep, vars.String())
}
