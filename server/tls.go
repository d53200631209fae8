package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// lookEvery is how often the files are looked at: whatever renews certificates
// does so weeks before the old one ends.
const lookEvery = time.Minute

// certificate is read from files, and again when they change, so that a renewal
// needs no restart. What does not read well changes nothing.
type certificate struct {
	certFile, keyFile string
	current           atomic.Pointer[tls.Certificate]
	seen              [2]stamp
	broken            bool // what is in the files now does not load
}

func newCertificate(certFile, keyFile string) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile}
	c.changed()
	return c, c.load()
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.get(), nil },
	}
}

func (c *certificate) get() *tls.Certificate { return c.current.Load() }

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("read certificate: %w", err) // files, and what is wrong with them; nothing that is in them
	}
	c.current.Store(&pair)
	return nil
}

// changed reports whether a file was written since the last time it was asked.
func (c *certificate) changed() bool {
	now := [2]stamp{stampOf(c.certFile), stampOf(c.keyFile)}
	yes := now != c.seen
	c.seen = now
	return yes
}

// look reads files that were written, or all when somebody asks, and says how that went:
// once, though it tries files that do not load again every time. They may not fit together
// yet, since they are written one after the other, or wait for a permission.
func (c *certificate) look(asked bool, stderr io.Writer) {
	fresh := c.changed() || asked
	if !fresh && !c.broken {
		return
	}
	err := c.load()
	c.broken = err != nil
	switch {
	case err == nil:
		fmt.Fprintln(stderr, "watertight-server: the certificate was read again; it ends on", c.get().Leaf.NotAfter.UTC().Format(time.DateOnly))
	case fresh:
		fmt.Fprintln(stderr, "watertight-server: the old certificate stays:", err)
	}
}
