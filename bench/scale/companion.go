//go:build linux

package main

import (
	"fmt"
	"os"
)

// companion is all machines of one.
type companion struct {
	api   *process // nil when it ran already
	at    string
	pid   int // of the API, or 0
	way   *way
	nodes []*process
	dir   string
}

func (c *companion) end() {
	for _, p := range append(c.nodes, c.api) {
		if p != nil {
			p.end()
		}
	}
	if c.way != nil {
		_ = c.way.at.Close()
	}
	_ = os.RemoveAll(c.dir)
}

func start(p *place, s setting) (*companion, error) {
	c := &companion{at: p.api}
	var err error
	if c.dir, err = os.MkdirTemp("", "scale"); err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	keys, err := p.keyFile()
	if err != nil {
		return c, err
	}
	switch {
	case p.worker:
		w, err := p.running(s.Count)
		if err != nil {
			return c, err
		}
		c.at, c.pid = w.Addrs[0], w.PID
	case p.api == "":
		if c.api, err = launch(p.server, "--dns=", "--stun=", "--turn=", "--http", "127.0.0.1:0", "--rate", "0", "--report-keys", keys); err != nil {
			return c, err
		}
		c.at, c.pid = c.api.at["http"], c.api.cmd.Process.Pid
	}
	if c.way, err = newWay(s, c.at); err != nil {
		return c, err
	}
	for range s.Nodes {
		n, err := launch(p.server, "--dns", "127.0.0.1:0", "--stun=", "--turn=", "--metrics", "127.0.0.1:0", "--rate", "0",
			"--api", "127.0.0.1", "--report", "http://"+c.way.at.Addr().String(), "--report-key", keys)
		if err != nil {
			return c, err
		}
		c.nodes = append(c.nodes, n)
	}
	return c, nil
}
