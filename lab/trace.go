package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"

	"watertight/lab/pages"
	"watertight/lab/scenario"
)

// The clock of the recorded traces begins here, as that of the hand-written ones
// does, and is read again when all that time decides is decided.
const (
	traceEpoch = 1_800_000_000_000
	traceWait  = 60_000
)

// trace writes what a page did as a golden file of leak/site: what the relays told
// the background in a real browser, and what is to come of it.
func (c *course) trace(want scenario.Site, events []map[string]any) error {
	if c.Traces == "" || len(events) == 0 {
		return nil
	}
	address, err := url.Parse(want.Page)
	if err != nil {
		return fmt.Errorf("record %s: %w", want.Page, err)
	}
	judged, err := pages.Judged(address.Path)
	if err != nil {
		return err
	}
	began, _ := events[0]["at"].(float64)
	var last float64
	list := make([]string, len(events))
	for i, e := range events {
		at, _ := e["at"].(float64)
		last = at - began
		e["at"] = traceEpoch + int64(last)
		line, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("record %s: %w", want.Page, err)
		}
		list[i] = "  " + string(line)
	}
	name := fmt.Sprintf("real-%s-%s", c.Browser, strings.TrimSuffix(path.Base(address.Path), ".html"))
	warns := judged == "probe" || judged == "both"
	text := fmt.Sprintf("{\n \"name\": %q,\n \"why\": %q,\n \"site\": %q,\n \"events\": [\n%s\n ],\n \"now\": %d,\n \"want\": {\"report\": {\"kind\": %q}, \"warning\": {\"badge\": %t}}\n}\n",
		name, fmt.Sprintf("Recorded in %s %s: %s.", c.Browser, c.driver.Version, path.Base(address.Path)), address.Hostname(),
		strings.Join(list, ",\n"), traceEpoch+int64(last)+traceWait, judged, warns)
	if err := os.WriteFile(filepath.Join(c.Traces, name+".json"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("record %s: %w", want.Page, err)
	}
	return nil
}
