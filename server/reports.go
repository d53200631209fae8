package main

import (
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"

	"watertight/server/report"
	"watertight/server/report/outbox"
	"watertight/server/sightings"
)

// reportKeys are read from a file, and again when it changes: what does not read well
// changes nothing.
type reportKeys struct {
	file, flag string
	current    atomic.Pointer[report.Keys]
	seen       stamp
}

func openReportKeys(file, flag string) (*reportKeys, error) {
	k := &reportKeys{file: file, flag: flag}
	k.changed()
	return k, k.load()
}

func (k *reportKeys) get() report.Keys { return *k.current.Load() }

func (k *reportKeys) load() error {
	raw, err := os.ReadFile(k.file)
	if err != nil {
		return fmt.Errorf("flag -%s: %w", k.flag, err)
	}
	keys, err := report.ParseKeys(string(raw))
	if err != nil {
		return fmt.Errorf("flag -%s: %s: %w", k.flag, k.file, err)
	}
	k.current.Store(&keys)
	return nil
}

func (k *reportKeys) changed() bool {
	now := stampOf(k.file)
	yes := now != k.seen
	k.seen = now
	return yes
}

// again is for a file that was written; ids are no secrets.
func (k *reportKeys) again(stderr io.Writer) {
	if err := k.load(); err != nil {
		fmt.Fprintln(stderr, "watertight-server: the old keys stay:", err)
		return
	}
	keys := k.get()
	fmt.Fprintf(stderr, "watertight-server: keys were read again: %v, of which %v signs\n", keys, keys.Signer())
}

// addReportKey appends a new key to a file, which it makes if there is none, and tells
// its id.
func addReportKey(file string, stdout io.Writer) error {
	raw, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err //nolint:wrapcheck // it names the file
	}
	var secret [report.SecretSize]byte
	_, _ = rand.Read(secret[:]) // never fails (crypto/rand)
	k := report.NewKey(secret)
	line := k.Line()
	if len(raw) > 0 && raw[len(raw)-1] != '\n' { // an editor may have left it so
		line = "\n" + line
	}
	if _, err := report.ParseKeys(string(raw) + line); err != nil { // nothing is written that a server would not read
		return fmt.Errorf("%s: %w", file, err)
	}
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err //nolint:wrapcheck // it names the file
	}
	_, err = io.WriteString(out, line)
	if err := errors.Join(err, out.Close()); err != nil {
		return err
	}
	fmt.Fprintln(stdout, "key", k)
	return nil
}

// seer is told what DNS and TURN see: the table that our API reads, or a way to one
// elsewhere.
type seer interface {
	Record(o sightings.Observation)
	RecordPath(k sightings.Token, p sightings.Path)
}

// openOutbox is a node's.
func (s *server) openOutbox(stderr io.Writer) (*outbox.Outbox, error) {
	t := s.config.nodes
	keys, err := openReportKeys(t.key, "report-key")
	if err != nil {
		return nil, err
	}
	var roots *x509.CertPool
	if t.root != "" {
		if roots, err = readRoots(t.root); err != nil {
			return nil, fmt.Errorf("flag -report-root: %w", err)
		}
	}
	s.keys = keys
	s.box = outbox.New(outbox.Options{
		URL: strings.TrimRight(t.report, "/"), Keys: keys.get, Roots: roots,
		Say: func(line string) { fmt.Fprintln(stderr, "watertight-server:", line) },
	})
	s.countReports(s.box)
	return s.box, nil
}

// countReports tells the operator of a node what became of what it saw.
func (s *server) countReports(b *outbox.Outbox) {
	r := s.counts.all
	for fate, count := range map[string]func(outbox.Counts) uint64{
		"accepted": func(c outbox.Counts) uint64 { return c.Accepted },
		"dropped":  func(c outbox.Counts) uint64 { return c.Dropped },
		"late":     func(c outbox.Counts) uint64 { return c.Late },
		"refused":  func(c outbox.Counts) uint64 { return c.Refused },
	} {
		r.Total("watertight_report_records_total", "Records for the API by what became of them; dropped ones were pushed out by younger ones.",
			func() float64 { return float64(count(b.Counts())) }, "fate", fate)
	}
	r.Total("watertight_report_retries_total", "Requests to the API that were made again.", func() float64 { return float64(b.Counts().Retries) })
	r.Gauge("watertight_report_waiting", "Records that wait to be sent.", func() float64 { return float64(b.Counts().Waiting) })
}
