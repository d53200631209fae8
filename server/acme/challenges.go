package acme

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/mholt/acmez/v3/acme"
)

// Challenges are the answers to DNS-01 (RFC 8555 §8.4) that our own name server gives
// at this moment. Nothing has to spread through the world first: the zone is here.
type Challenges struct {
	mu    sync.Mutex
	texts map[string][]string // by name, without a final dot
}

// Texts of a name in lower case, without a final dot.
func (c *Challenges) Texts(name string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.texts[name])
}

// Present is called before the authority looks. One name can have several texts: the
// zone and everything below it (*.zone) are proven at the same one.
func (c *Challenges) Present(_ context.Context, one acme.Challenge) error {
	name := nameOf(one)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.texts == nil {
		c.texts = make(map[string][]string)
	}
	c.texts[name] = append(c.texts[name], one.DNS01KeyAuthorization())
	return nil
}

// CleanUp is called after it has looked, also in vain.
func (c *Challenges) CleanUp(_ context.Context, one acme.Challenge) error {
	name, text := nameOf(one), one.DNS01KeyAuthorization()
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.texts[name], text); i >= 0 {
		c.texts[name] = slices.Delete(c.texts[name], i, i+1)
	}
	if len(c.texts[name]) == 0 {
		delete(c.texts, name)
	}
	return nil
}

func nameOf(one acme.Challenge) string {
	return strings.ToLower(strings.TrimSuffix(one.DNS01TXTRecordName(), "."))
}
