// Package resolver starts the lab's DNS resolvers: the real programs, each in
// the namespace of its operator.
//
// All are configured alike: they know the way to the companion's zone and
// answer NXDOMAIN at once for everything else, so that a browser's own
// background look-ups neither stall nor leave the lab. They do not validate:
// the zone is below "test." (RFC 6761 §6.2), which has no chain of trust.
package resolver

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/miekg/dns"

	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/network"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// Config is what every kind of resolver needs to know.
type Config struct {
	Name    string
	Listen  []netip.Addr
	IPv6    bool         // may ask over IPv6
	Zone    []netip.Addr // the companion's name servers
	Forward []netip.Addr // asks these instead of the companion
	Extra   string       // the scenario's own lines
}

// ErrUnsupported marks what the file format knows and this lab not yet.
var ErrUnsupported = errors.New("not yet supported by this lab")

type program struct {
	render func(Config) string
	args   func(config string) []string
}

var programs = map[scenario.ResolverKind]program{
	"unbound": {unbound, func(config string) []string { return []string{"unbound", "-d", "-p", "-c", config} }},
}

// Start starts one resolver.
func Start(p *network.Plan, name string) (*service.Service, error) {
	r := p.Scenario.Resolvers[name]
	kind, ok := programs[r.Kind]
	if !ok {
		return nil, fmt.Errorf("resolver %s of kind %s: %w", name, r.Kind, ErrUnsupported)
	}
	if r.ECS || r.DoH {
		return nil, fmt.Errorf("resolver %s with ecs or doh: %w", name, ErrUnsupported)
	}
	file := filepath.Join(isolate.Temp, name+"-"+string(r.Kind)+".conf")
	if err := os.WriteFile(file, []byte(kind.render(configOf(p, name))), 0o600); err != nil {
		return nil, fmt.Errorf("write resolver config: %w", err)
	}
	return service.Start(service.Spec{Name: name + "-dns", Machine: p.ResolverMachine(name), Args: kind.args(file)})
}

func configOf(p *network.Plan, name string) Config {
	r := p.Scenario.Resolvers[name]
	c := Config{Name: name, Listen: p.ResolverAddrs(name), Extra: r.Config}
	c.IPv6 = p.Machine(p.ResolverMachine(name)).IPv6
	c.Zone = []netip.Addr{scenario.Companion}
	if c.IPv6 {
		c.Zone = append(c.Zone, scenario.Companion6)
	}
	if r.Forward != "" {
		c.Forward = p.ResolverAddrs(r.Forward)
	}
	return c
}

// Answers asks a resolver, from its own namespace, for a name of the zone.
func Answers(machine string, server netip.Addr) error {
	return netns.Do(machine, func() error {
		client := dns.Client{Timeout: 500 * time.Millisecond}
		query := new(dns.Msg)
		query.SetQuestion("ns1."+scenario.Zone+".", dns.TypeA)
		reply, _, err := client.Exchange(query, netip.AddrPortFrom(server, 53).String())
		if err != nil {
			return fmt.Errorf("ask %s: %w", server, err)
		}
		if len(reply.Answer) == 0 {
			return fmt.Errorf("ask %s: no answer (%s)", server, dns.RcodeToString[reply.Rcode])
		}
		return nil
	})
}

// Ready waits until a started resolver serves the zone on all its addresses.
func Ready(ctx context.Context, p *network.Plan, name string, s *service.Service) error {
	for _, a := range p.ResolverAddrs(name) {
		if err := s.Ready(ctx, func() error { return Answers(p.ResolverMachine(name), a) }); err != nil {
			return err
		}
	}
	return nil
}
