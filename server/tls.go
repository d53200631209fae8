package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// lookEvery is how often the files are looked at: whatever renews certificates
// does so weeks before the old one ends.
const lookEvery = time.Minute

// certificate is read from files, and again when they change, so that a renewal
// needs no restart.
type certificate struct {
	certFile, keyFile string

	mu      sync.Mutex
	current *tls.Certificate
	changed time.Time
	looked  time.Time
}

func newCertificate(certFile, keyFile string) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile}
	if err := c.load(time.Now()); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.get(time.Now()), nil },
	}
}

// get keeps the old certificate while the new files do not fit together: they
// are written one after the other.
func (c *certificate) get(now time.Time) *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.looked) >= lookEvery {
		_ = c.load(now)
	}
	return c.current
}

// reload looks now, for who has said that there is something new.
func (c *certificate) reload(now time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.load(now)
}

func (c *certificate) load(now time.Time) error {
	c.looked = now
	changed, err := newest(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	if c.current != nil && changed.Equal(c.changed) {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("read certificate: %w", err)
	}
	c.current, c.changed = &pair, changed
	return nil
}

func newest(files ...string) (t time.Time, err error) {
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			return t, fmt.Errorf("read certificate: %w", err)
		}
		if info.ModTime().After(t) {
			t = info.ModTime()
		}
	}
	return t, nil
}
