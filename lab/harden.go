package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"watertight/lab/browser"
	"watertight/lab/calls"
	"watertight/lab/isolate"
	"watertight/lab/result"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

// harden sets what a scenario says of hardening before the first check: the
// mode, and the other extension that holds the setting.
func (c *course) harden(ctx context.Context) error {
	var reply map[string]any
	mode := map[string]any{"do": "storage", "set": map[string]any{"mode": c.scenario.Hardening}}
	if err := c.driver.Do(ctx, mode, &reply); err != nil {
		return fmt.Errorf("store mode: %w", err)
	}
	if c.scenario.Rival == "" {
		return nil
	}
	return c.rival(ctx, string(c.scenario.Rival))
}

// rival installs the other extension (lab/testdata/rival), or takes it away.
// Whoever is installed last wins, in both browsers.
func (c *course) rival(ctx context.Context, policy string) error {
	var reply map[string]any
	if policy == scenario.RivalGone {
		return c.driver.Do(ctx, map[string]any{"do": "uninstall"}, &reply)
	}
	folder := filepath.Join(isolate.Temp, "rival-"+policy)
	if err := os.CopyFS(folder, os.DirFS(filepath.Join(c.Root, "lab", "testdata", "rival"))); err != nil {
		return fmt.Errorf("copy the other extension: %w", err)
	}
	text, err := json.Marshal(map[string]string{"policy": policy})
	if err != nil {
		return fmt.Errorf("write the other extension's policy: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "policy.json"), text, 0o644); err != nil {
		return fmt.Errorf("write the other extension's policy: %w", err)
	}
	return c.driver.Do(ctx, map[string]any{"do": "install", "extension": folder, "holds": policy}, &reply)
}

// answerWithin is how long a call may take to connect and to carry something. A
// good one needs about a second; the rest is for a busy machine.
const answerWithin = 8000

// call makes a call from the client's browser to one on the machine "peer": a
// second browser, without our extension's permission, that shows its address.
func (c *course) call(ctx context.Context, w *world.World, want scenario.Call) error {
	c.check = want.Name
	if err := c.visit(ctx, w); err != nil {
		return err
	}
	var offer, answer struct {
		SDP        string   `json:"sdp"`
		Candidates []string `json:"candidates"`
	}
	var got result.Call
	var done map[string]any
	line := map[string]any{"do": "dial", "via": want.Via, "server": scenario.CallsAddr.String()}
	if err := c.driver.Do(ctx, line, &offer); err != nil {
		return err
	}
	line["offer"], line["via"] = offer.SDP, "direct"
	if err := c.peer.Do(ctx, line, &answer); err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	if err := c.driver.Do(ctx, map[string]any{"do": "accept", "sdp": answer.SDP}, &done); err != nil {
		return err
	}
	patience := answerWithin
	if len(offer.Candidates) == 0 {
		patience /= 2 // nothing to be reached at: silence is what is to be expected
	}
	if err := c.driver.Do(ctx, map[string]any{"do": "heard", "patience": patience}, &got); err != nil {
		return err
	}
	for _, d := range []*browser.Driver{c.driver, c.peer} {
		if err := d.Do(ctx, map[string]any{"do": "hang-up"}, &done); err != nil {
			return err
		}
	}
	got.Candidates = offer.Candidates
	r := result.CompareCall(want, c.Browser, got)
	r.Scenario, r.Browser, r.Check = c.scenario.Name, string(c.Browser), want.Name
	c.report(event{Result: &r})
	return nil
}

// visit opens the website of calls on the client and, the first time, on the peer.
func (c *course) visit(ctx context.Context, w *world.World) error {
	if !c.visited {
		var reply map[string]any
		if err := c.driver.Do(ctx, map[string]any{"do": "visit", "url": calls.Page()}, &reply); err != nil {
			return err
		}
		c.visited = true
	}
	return c.callee(ctx, w, calls.Page())
}

// callee starts a second browser on the machine "peer", once, that shows its
// address and opens a page.
func (c *course) callee(ctx context.Context, w *world.World, page string) error {
	if c.peer != nil {
		return nil
	}
	settings := scenario.Settings{
		Chromium: scenario.ChromiumSettings{Args: []string{"--disable-features=WebRtcHideLocalIpsWithMdns"}},
		Firefox:  scenario.FirefoxSettings{Prefs: map[string]string{"media.peerconnection.ice.obfuscate_host_addresses": "false"}},
	}
	view := w.Client
	view.Etc = ""
	var err error
	c.peer, err = browser.Start(ctx, browser.Options{Driver: c.job.driver(), Browser: c.Browser, Extension: c.extension(), Out: c.Out,
		Settings: settings, Namespace: calls.Peer, View: view})
	if err != nil {
		return fmt.Errorf("peer: %w", err)
	}
	var reply map[string]any
	return c.peer.Do(ctx, map[string]any{"do": "visit", "url": page}, &reply)
}
