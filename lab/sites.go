package main

import (
	"context"
	"fmt"
	"time"

	"watertight/lab/pages"
	"watertight/lab/result"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// site visits one website, waits until its page has come to rest, looks at the
// popup as a person does, and leaves.
func (c *course) site(ctx context.Context, w *world.World, want scenario.Site) error {
	c.check = want.Name
	if want.Peer {
		if err := c.callee(ctx, w, pages.Peer()); err != nil {
			return err
		}
	}
	began := time.Now()
	var got result.SiteReply
	command := map[string]any{"do": "site", "url": want.Page, "press": want.Press, "screenshots": c.screenshots()}
	if c.Traces != "" {
		command["record"] = true
	}
	if err := c.driver.Do(ctx, command, &got); err != nil {
		return fmt.Errorf("site %s: %w", want.Page, err)
	}
	if c.Traces != "" {
		if err := c.trace(want, got.Events); err != nil {
			return err
		}
	}
	r := result.CompareSite(want.Expect.For(c.Browser), got, c.visitors.STUN(), began)
	r.Scenario, r.Browser, r.Check = c.scenario.Name, string(c.Browser), want.Name
	c.report(event{Result: &r})
	return nil
}
