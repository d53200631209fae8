// Command write cuts a file of open data about networks into slices, for a Worker to
// fetch: `./build.sh worker` calls it.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"watertight/server/asn/cut"
	"watertight/server/asn/pack"
)

func main() {
	from := flag.String("from", "server/asn/networks.bin.zst", "`file` of networks")
	to := flag.String("to", "", "`folder` for the slices, and for the file date, which has the day of the data")
	flag.Parse()
	if err := run(*from, *to); err != nil {
		fmt.Fprintln(os.Stderr, "write:", err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	raw, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("read networks: %w", err)
	}
	d, err := pack.Decode(raw)
	if err != nil {
		return err //nolint:wrapcheck // says what failed
	}
	files, err := cut.Files(d)
	if err != nil {
		return err //nolint:wrapcheck // says what failed
	}
	files["date"] = []byte(d.Date)
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(to, name), b, 0o644); err != nil { //nolint:gosec // public data
			return fmt.Errorf("write slice: %w", err)
		}
	}
	return nil
}
