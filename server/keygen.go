package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/miekg/dns"

	"watertight/server/authdns"
	"watertight/server/dnssec"
)

var errKeyFile = errors.New("keygen needs --dnssec-key FILE or --report-key FILE")

// keygen makes a key file, unless there is one, and prints what a resolver takes
// as a trust anchor; or adds a key to a file of keys for reports.
func keygen(args []string, stdout io.Writer) error {
	f := flag.NewFlagSet("watertight-server keygen", flag.ContinueOnError)
	f.SetOutput(io.Discard) // run prints errors, once
	zone := f.String("zone", defaultZone, "")
	file := f.String("dnssec-key", "", "")
	reports := f.String("report-key", "", "")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(stdout, "usage: watertight-server keygen [--zone NAME] --dnssec-key FILE\n       watertight-server keygen --report-key FILE")
		}
		return usageError{err}
	}
	switch err := authdns.CheckZone(strings.TrimSuffix(*zone, ".")); {
	case err != nil:
		return usageError{fmt.Errorf("invalid value %q for flag -zone: %w", *zone, err)}
	case (*file == "") == (*reports == ""):
		return usageError{errKeyFile}
	case f.NArg() > 0:
		return usageError{fmt.Errorf("unexpected argument %q: keygen %w", f.Arg(0), errArguments)}
	}
	if *reports != "" {
		if err := addReportKey(*reports, stdout); err != nil {
			return fmt.Errorf("flag -report-key: %w", err)
		}
		return nil
	}
	k, err := readKey(*file)
	if errors.Is(err, fs.ErrNotExist) {
		k, err = writeKey(*file)
	}
	if err != nil {
		return fmt.Errorf("flag -dnssec-key: %w", err)
	}
	name := signedZone(*zone)
	fmt.Fprintln(stdout, oneLine(k.DNSKEY(name)))
	fmt.Fprintln(stdout, oneLine(k.DS(name)))
	return nil
}

func signedZone(zone string) string { return "sig." + dns.CanonicalName(zone) }

// oneLine has spaces only, as trust anchors are written.
func oneLine(rr dns.RR) string { return strings.Join(strings.Fields(rr.String()), " ") }

func readKey(file string) (*dnssec.Key, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	k, err := dnssec.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return k, nil
}

// writeKey never overwrites: a lost key breaks every resolver that trusts it.
func writeKey(file string) (*dnssec.Key, error) {
	k, err := dnssec.Generate()
	if err != nil {
		return nil, err //nolint:wrapcheck // says what failed
	}
	text, err := k.PEM()
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err //nolint:wrapcheck // it names the file
	}
	_, err = out.Write(text)
	return k, errors.Join(err, out.Close())
}
