package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"sync/atomic"
	"time"

	"watertight/server/asn"
	"watertight/server/wash"
)

// networks are read from files, and again when these change. What does not read
// well changes nothing: the old ones stay.
type networks struct {
	data, own string // files, or ""
	bare      *asn.Table
	current   atomic.Pointer[asn.Table]
	seen      map[string]stamp
}

// stamp tells that a file was written.
type stamp struct {
	changed time.Time
	size    int64
}

func stampOf(file string) stamp {
	info, err := os.Stat(file)
	if err != nil {
		return stamp{}
	}
	return stamp{info.ModTime(), info.Size()}
}

func openNetworks(data, own string) (*networks, error) {
	n := &networks{data: data, own: own, seen: make(map[string]stamp)}
	if data == "" {
		var err error
		if n.bare, err = asn.Open(); err != nil {
			return nil, fmt.Errorf("open embedded networks: %w", err)
		}
	}
	n.changed()
	return n, n.load()
}

// Lookup and Date are of what was read last.
func (n *networks) Lookup(a netip.Addr) (asn.Network, bool) {
	bytes := a.As16()
	provoke(bytes[:])
	return n.current.Load().Lookup(a)
}

// Date is that of the open data.
func (n *networks) Date() string { return n.current.Load().Date() }

// load reads all files; an error names the flag and the file.
func (n *networks) load() error {
	bare := n.bare
	if n.data != "" {
		raw, err := os.ReadFile(n.data)
		if err != nil {
			return fmt.Errorf("flag -data: %w", err)
		}
		if bare, err = asn.Read(raw); err != nil {
			return fmt.Errorf("flag -data: %s: %w", n.data, err)
		}
	}
	t := bare.Bare()
	if n.own != "" {
		raw, err := os.ReadFile(n.own)
		if err != nil {
			return fmt.Errorf("flag -networks: %w", err)
		}
		if err := t.AddFile(n.own, bytes.NewReader(raw)); err != nil {
			return fmt.Errorf("flag -networks: %w", err)
		}
	}
	n.current.Store(t)
	return nil
}

// changed reports whether a file was written since the last time it was asked.
func (n *networks) changed() (yes bool) {
	for _, file := range []string{n.data, n.own} {
		if file == "" {
			continue
		}
		now := stampOf(file)
		yes = yes || n.seen[file] != now
		n.seen[file] = now
	}
	return yes
}

// renew reads files again that were written, looking every minute and at SIGHUP,
// and says how that went: the operator's own files, so their errors may be told.
func (s *server) renew(ctx context.Context, n *networks, stderr io.Writer) {
	wash.Stack()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		asked := false
		select {
		case <-ctx.Done():
			return
		case <-s.hup:
			asked = true
		case <-tick.C:
		}
		if n != nil && (n.changed() || asked) { // a node knows none
			n.again(stderr)
		}
		if s.keys != nil && (s.keys.changed() || asked) {
			s.keys.again(stderr)
		}
		if s.files != nil {
			s.files.look(asked, stderr)
		}
	}
}

func (n *networks) again(stderr io.Writer) {
	if n.data == "" && n.own == "" {
		return
	}
	if err := n.load(); err != nil {
		fmt.Fprintln(stderr, "watertight-server: the old networks stay:", err)
		return
	}
	fmt.Fprintln(stderr, "watertight-server: networks were read again; open data of", n.Date())
}
