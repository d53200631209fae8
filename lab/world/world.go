// Package world brings one scenario to life: its network, tunnel, resolvers,
// proxy and companion, and the changes that its steps make.
package world

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"watertight/lab/access"
	"watertight/lab/authority"
	"watertight/lab/ca"
	"watertight/lab/calls"
	"watertight/lab/companion"
	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/network"
	"watertight/lab/pages"
	"watertight/lab/proxy"
	"watertight/lab/resolver"
	"watertight/lab/root"
	"watertight/lab/scenario"
	"watertight/lab/service"
	"watertight/lab/tunnel"
)

// World is a scenario that runs.
type World struct {
	Plan *network.Plan
	// Client is what the client's programs see of /etc.
	Client netns.View
	// Companion answers when Create has returned.
	Companion *companion.Companion

	ca        *ca.CA
	authority *authority.Authority // of the companion's certificates, or nil
}

// Programs are our own and those that were built with them.
type Programs struct {
	Server, Authority string
	Worker            []string // the command that runs the API as a Cloudflare Worker; none: the server is the API
}

// Create builds everything and returns when every part answers. What the
// scenario declares dead is alive until the end: only then is it known that
// it is dead by intention. flags are more for the companion.
func Create(ctx context.Context, s *scenario.Scenario, programs Programs, flags ...string) (*World, error) {
	w := &World{Plan: network.New(s), Client: netns.View{ResolvConf: filepath.Join(isolate.Temp, "client-resolv.conf")}}
	if err := network.Build(ctx, w.Plan); err != nil {
		return nil, err
	}
	if err := w.setResolvers(ctx, s.Client.Resolvers, false); err != nil {
		return nil, err
	}
	if w.Plan.NeedsRoot() {
		if err := root.Start(s.NameServers()); err != nil {
			return nil, err
		}
	}
	resolvers, err := w.startResolvers()
	if err != nil {
		return nil, err
	}
	if err := w.startCompanion(ctx, s, programs, flags); err != nil {
		return nil, err
	}
	if s.ISP.NAT64 {
		if err := access.NAT64(ctx); err != nil {
			return nil, err
		}
	}
	if s.Proxy != nil {
		file := filepath.Join(isolate.Temp, "proxy-resolv.conf")
		text := w.Plan.ResolvConf([]scenario.Use{{Resolver: "proxy"}})
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return nil, fmt.Errorf("write resolv.conf: %w", err)
		}
		if err := proxy.Start(ctx, s.Proxy, file); err != nil {
			return nil, err
		}
	}
	if s.VPN != nil {
		if err := tunnel.Up(ctx, w.Plan, w.ca); err != nil {
			return nil, err
		}
	}
	if err := network.RunAll(ctx, w.Plan.TunnelRoutes()); err != nil {
		return nil, err
	}
	// Last, because a resolver on the client may ask through the tunnel.
	for name, r := range resolvers {
		if err := resolver.Ready(ctx, w.Plan, name, r); err != nil {
			return nil, err
		}
	}
	if s.MakesCalls() {
		if err := calls.Start(ctx); err != nil {
			return nil, err
		}
	}
	if s.VisitsSites() {
		if err := pages.Start(ctx); err != nil {
			return nil, err
		}
	}
	if err := w.administer(s); err != nil {
		return nil, err
	}
	if s.ISP.RADNS != "" {
		if err := access.AdvertiseDNS(ctx, w.Plan.ResolverAddrs(s.ISP.RADNS), w.Client.ResolvConf); err != nil {
			return nil, err
		}
	}
	return w, w.kill(ctx, s.Dead)
}

func (w *World) startCompanion(ctx context.Context, s *scenario.Scenario, programs Programs, flags []string) error {
	o := companion.Options{Binary: programs.Server, Operators: s.Operators, CA: w.ca, Flags: flags}
	if s.Nodes > 0 {
		o.Nodes, o.Worker = s.NameServers(), programs.Worker
	}
	var err error
	if s.HTTPS {
		if w.authority, err = authority.Start(ctx, programs.Authority, w.ca); err != nil {
			return err
		}
		o.Authority = w.authority
	}
	w.Companion, err = companion.Start(ctx, o)
	return err
}

func (w *World) startResolvers() (map[string]*service.Service, error) {
	out := map[string]*service.Service{}
	var err error
	if w.ca, err = ca.New(isolate.Temp); err != nil {
		return nil, err
	}
	for _, name := range w.Plan.ResolversInUse() {
		s, err := resolver.Start(w.Plan, name, w.ca)
		if err != nil {
			return nil, err
		}
		out[name] = s
	}
	return out, nil
}

// setResolvers writes the client's resolv.conf in place: the programs that
// see it see the same file, through a bind mount.
func (w *World) setResolvers(ctx context.Context, uses []scenario.Use, routes bool) error {
	if err := os.WriteFile(w.Client.ResolvConf, []byte(w.Plan.ResolvConf(uses)), 0o644); err != nil {
		return fmt.Errorf("write resolv.conf: %w", err)
	}
	if !routes {
		return nil
	}
	return network.RunAll(ctx, w.Plan.ResolverRoutes(uses))
}

func (w *World) kill(ctx context.Context, parts []scenario.Part) error {
	if parts == nil {
		return nil
	}
	for machine, rules := range network.DeadRules(parts, w.Plan.Scenario.NodeNames()) {
		if err := w.load(ctx, machine, rules); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) load(ctx context.Context, machine, rules string) error {
	return network.Run(ctx, network.Command{Machine: machine, Args: []string{"nft", "-f", "-"}, Input: rules})
}

func (w *World) setExit(ctx context.Context, exit netip.Addr) error {
	if err := w.load(ctx, "vpn", network.ExitRules(exit)); err != nil {
		return err
	}
	return network.Forget("vpn")
}

// Apply makes the change of one step. Checks and driver commands are not
// changes of the world; it is a mistake to pass them.
func (w *World) Apply(ctx context.Context, step scenario.Step) error {
	switch {
	case step.Link != nil:
		for link, position := range step.Link {
			commands := w.Plan.LinkUp(link)
			if position == "down" {
				commands = w.Plan.LinkDown(link)
			}
			if err := network.RunAll(ctx, commands); err != nil {
				return err
			}
		}
		return nil
	case step.Resolvers != nil:
		return w.setResolvers(ctx, step.Resolvers, true)
	case step.Exit != nil:
		return w.setExit(ctx, *step.Exit)
	case step.Dead != nil:
		return w.kill(ctx, step.Dead)
	case step.Wait != nil:
		select {
		case <-time.After(time.Duration(*step.Wait)):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("apply step: not a change of the network")
}
