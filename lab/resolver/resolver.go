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
	"slices"
	"time"

	"github.com/miekg/dns"

	"watertight/lab/ca"
	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/network"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// Config is what every kind of resolver needs to know.
type Config struct {
	Name    string
	Dir     string // for its files
	Listen  []netip.Addr
	IPv6    bool         // may ask over IPv6
	Zone    []netip.Addr // the companion's name servers
	Forward []netip.Addr // asks these instead of the companion
	Extra   string       // the scenario's own lines
	ECS     bool
	DoH     *ca.Files // the certificate, if it serves DNS over HTTPS
	DNS64   netip.Prefix
}

// ErrUnsupported marks what a kind of resolver cannot do.
var ErrUnsupported = errors.New("this kind of resolver cannot do that here")

// program is a kind of resolver: its configuration, and how to start it with
// that in a file.
type program struct {
	render          func(Config) string
	args            func(c Config, file string) []string
	etc             string // the configuration's place below /etc, if it cannot be given
	ecs, doh, dns64 bool
}

var programs = map[scenario.ResolverKind]program{
	"unbound":          {render: unbound, args: unboundArgs, ecs: true, doh: true, dns64: true},
	"bind":             {render: bind, args: bindArgs, dns64: true},
	"knot":             {render: knot, args: knotArgs},
	"pdns":             {render: pdns, args: pdnsArgs, ecs: true},
	"dnsmasq":          {render: dnsmasq, args: dnsmasqArgs, ecs: true},
	"systemd-resolved": {render: resolved, args: resolvedArgs, etc: "systemd/resolved.conf"},
}

// Program is what a kind needs on this system.
func Program(kind scenario.ResolverKind) string { return programs[kind].args(Config{}, "")[0] }

// Start starts one resolver. authority signs the certificate of one that
// serves DNS over HTTPS.
func Start(p *network.Plan, name string, authority *ca.CA) (*service.Service, error) {
	r := p.Scenario.Resolvers[name]
	kind := programs[r.Kind]
	c := configOf(p, name)
	if r.ECS && !kind.ecs || r.DoH && !kind.doh || c.DNS64.IsValid() && !kind.dns64 {
		return nil, fmt.Errorf("resolver %s of kind %s with ecs, doh or dns64: %w", name, r.Kind, ErrUnsupported)
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("make resolver's directory: %w", err)
	}
	if r.DoH {
		files, err := authority.Issue(name, c.Listen)
		if err != nil {
			return nil, err
		}
		c.DoH = &files
	}
	file := filepath.Join(c.Dir, "recursor.conf") // PowerDNS wants this name
	text := kind.render(c)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("write resolver config: %w", err)
	}
	spec := service.Spec{Name: name + "-dns", Machine: p.ResolverMachine(name), Args: kind.args(c, file)}
	if kind.etc != "" {
		if libs := os.Getenv(EnvLibs); libs != "" {
			spec.Env = []string{"LD_LIBRARY_PATH=" + libs}
		}
		if err := os.MkdirAll("/run/systemd", 0o755); err != nil { // the lab's own /run
			return nil, fmt.Errorf("make /run/systemd: %w", err)
		}
		spec.View.Etc = filepath.Join(c.Dir, "etc")
		if err := netns.CopyEtc(spec.View.Etc, map[string]string{kind.etc: text, "passwd": passwd}); err != nil {
			return nil, err
		}
	}
	return service.Start(spec)
}

func configOf(p *network.Plan, name string) Config {
	r := p.Scenario.Resolvers[name]
	c := Config{Name: name, Dir: filepath.Join(isolate.Temp, name), Listen: p.ResolverAddrs(name), Extra: r.Config, ECS: r.ECS}
	c.IPv6 = p.Machine(p.ResolverMachine(name)).IPv6
	for _, server := range p.Scenario.NameServers() {
		for _, a := range server {
			if (a.Is4() || c.IPv6) && !slices.Contains(c.Zone, a) {
				c.Zone = append(c.Zone, a)
			}
		}
	}
	if r.Forward != "" {
		c.Forward = p.ResolverAddrs(r.Forward)
	}
	if p.Scenario.ISP.NAT64 && name == "isp" {
		c.DNS64 = network.NAT64
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
