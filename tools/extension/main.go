// Command extension makes the loadable extension of one browser out of
// extension/: it copies the files, derives the manifest, writes the companion's
// address into lib/defaults.js, puts the popup's style sheets into it and adds the WebAssembly core with Go's loader.
// With --zip it also packs them, byte for byte the same for the same input.
//
//	go run ./tools/extension --browser chromium --out build/chromium \
//	    --zone Z --api URL --wasm build/core.wasm [--zip dist/watertight-chromium.zip]
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

type options struct {
	source, out, zip   string
	browser, zone, api string
	wasm, loader       string
}

func main() {
	var o options
	flag.StringVar(&o.source, "source", "extension", "directory of the sources")
	flag.StringVar(&o.out, "out", "", "directory to make (replaced)")
	flag.StringVar(&o.zip, "zip", "", "also pack it into this file")
	flag.StringVar(&o.browser, "browser", "chromium", "chromium or firefox")
	flag.StringVar(&o.zone, "zone", "", "zone of the companion; empty for one on loopback")
	flag.StringVar(&o.api, "api", "http://127.0.0.1:8053", "address of the companion's HTTP API: http(s)://HOST[:PORT]")
	flag.StringVar(&o.wasm, "wasm", "build/core.wasm", "the core")
	flag.StringVar(&o.loader, "loader", "", "Go's wasm_exec.js (default: of the Go installation)")
	flag.Parse()
	if err := build(o); err != nil {
		fmt.Fprintln(os.Stderr, "extension:", err)
		os.Exit(1)
	}
}

func build(o options) error {
	if o.out == "" || (o.browser != "chromium" && o.browser != "firefox") {
		return fmt.Errorf("read flags: need --out and --browser chromium or firefox")
	}
	where, err := newCompanion(o.api, o.zone)
	if err != nil {
		return fmt.Errorf("read flags: %w", err)
	}
	if o.loader == "" {
		if o.loader, err = goLoader(); err != nil {
			return err
		}
	}
	files, err := collect(o.source)
	if err != nil {
		return fmt.Errorf("read sources: %w", err)
	}
	styles, err := inlineStyles(files)
	if err != nil {
		return fmt.Errorf("inline styles: %w", err)
	}
	if files["manifest.json"], err = deriveManifest(files["manifest.json"], o.browser, where, styles); err != nil {
		return fmt.Errorf("derive manifest: %w", err)
	}
	files["lib/defaults.js"] = where.defaults()
	for name, path := range map[string]string{"lib/core.wasm": o.wasm, "lib/wasm_exec.js": o.loader} {
		if files[name], err = os.ReadFile(path); err != nil {
			return fmt.Errorf("add %s: %w", name, err)
		}
	}
	if err := write(o.out, files); err != nil {
		return fmt.Errorf("write extension: %w", err)
	}
	if o.zip == "" {
		return nil
	}
	if err := pack(o.zip, files); err != nil {
		return fmt.Errorf("pack extension: %w", err)
	}
	return nil
}

// goLoader finds the wasm_exec.js that belongs to the Go that built the core:
// the two are versioned together.
func goLoader() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("ask go for its root: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "lib", "wasm", "wasm_exec.js"), nil
}
