//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"watertight/tools/workerd"
)

// place is where the API runs in all settings: a process of the companion for each, one
// that runs already, or the Worker, which stays as objects do while somebody asks.
type place struct {
	server, api, keys string
	worker            bool
	workers           map[bool]*workerd.Process // by whether calls are counted
	dir               string
}

func (p *place) name() string {
	switch {
	case p.worker:
		return "worker"
	case p.api != "":
		return p.api
	}
	return "binary"
}

func (p *place) end() {
	for _, w := range p.workers {
		w.Stop()
	}
	_ = os.RemoveAll(p.dir)
}

// keyFile is the given one, or one that is made.
func (p *place) keyFile() (string, error) {
	if p.keys != "" {
		return p.keys, nil
	}
	var err error
	if p.dir, err = os.MkdirTemp("", "scale"); err != nil {
		return "", fmt.Errorf("make a folder: %w", err)
	}
	file := filepath.Join(p.dir, "keys")
	if said, err := exec.Command(p.server, "keygen", "--report-key", file).CombinedOutput(); err != nil {
		return "", fmt.Errorf("make a key: %w: %s", err, said)
	}
	p.keys = file
	return file, nil
}

// asker is what Cloudflare says of every request.
var asker = map[string]any{"asn": 64500, "asOrganization": "Example ISP", "country": "SE", "continent": "EU", "longitude": "18.1"}

// running is the Worker, warm: a first start of the engine is no part of a simulation.
func (p *place) running(count bool) (*workerd.Process, error) {
	if w := p.workers[count]; w != nil {
		return w, nil
	}
	keys, err := os.ReadFile(p.keys)
	if err != nil {
		return nil, fmt.Errorf("read keys: %w", err)
	}
	w, err := workerd.Start(workerd.Options{Root: ".", Folder: "build/worker", HTTP: []string{"127.0.0.1:0"}, CF: asker, Keep: true, Count: count, Stderr: os.Stderr,
		Vars: map[string]string{"ZONE": "watertight.test", "ADDRESSES": "127.0.0.1", "RATE": "0", "REPORT_KEYS": string(keys)}})
	if err != nil {
		return nil, err //nolint:wrapcheck // says what it is
	}
	if p.workers == nil {
		p.workers = map[bool]*workerd.Process{}
	}
	p.workers[count] = w
	warm := *p
	warm.worker, warm.api = false, w.Addrs[0]
	_, err = simulate(&warm, setting{Nodes: 2, Rate: 50, Checks: 100})
	if count {
		time.Sleep(ended)
	}
	return w, err
}

// counts of calls.
type counts struct{ worker, object map[string]int }

// counted calls that have ended after a while.
func (p *place) counted(s setting, after time.Duration) (counts, error) {
	if !p.worker || !s.Count {
		return counts{}, nil
	}
	time.Sleep(after)
	c, err := p.workers[true].Counted()
	return counts{c.Worker, c.Object}, err //nolint:wrapcheck // says what it is
}

// since another moment, for each of so many checks.
func (c counts) since(before counts, checks float64) (worker, object map[string]float64) {
	each := func(now, then map[string]int) map[string]float64 {
		if now == nil {
			return nil
		}
		m := map[string]float64{}
		for name, n := range now {
			if n > then[name] {
				m[name] = float64(n-then[name]) / checks
			}
		}
		return m
	}
	return each(c.worker, before.worker), each(c.object, before.object)
}
