package scenario

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Names become names of namespaces and interfaces; the kernel allows 15 bytes
// (IFNAMSIZ), of which four go to a prefix or ending of the lab's own.
var nameRE = regexp.MustCompile(`^[a-z][a-z0-9-]{0,10}$`)

// validate checks what a single value cannot show: names that refer to
// something, and fields that need or exclude each other.
func (s *Scenario) validate(d *decoder) {
	v := &validator{Scenario: s, d: d, hosts: slices.Clone(BaseHosts)}
	if s.Title == "" {
		v.fail("title", "is missing (one line: what this network is)")
	}
	if s.Why == "" {
		v.fail("why", "is missing (why this network leaks, or does not)")
	}
	for name := range s.Hosts {
		if slices.Contains(BaseHosts, name) {
			v.fail("hosts."+name, "exists already (the lab's own: %s)", list(BaseHosts))
		}
		v.hosts = append(v.hosts, name)
	}
	slices.Sort(v.hosts)
	v.checkHosts()
	v.checkResolvers()
	v.checkOperators()
	v.checkClient("client.resolvers", s.Client.Resolvers)
	for i, r := range s.Client.Routes {
		path := fmt.Sprintf("client.routes[%d]", i)
		if !r.To.IsValid() || r.By == "" {
			v.fail(path, "needs both to (a prefix) and by (isp, vpn)")
		}
		v.checkLink(path+".by", r.By)
	}
	v.checkAccess()
	if s.VPN != nil && !s.VPN.Exit.Is4() {
		v.fail("vpn.exit", "must be an IPv4 address of the VPN")
	}
	for i, x := range s.Intercept {
		v.known(fmt.Sprintf("intercept[%d].at", i), x.At, v.hosts)
		v.known(fmt.Sprintf("intercept[%d].to", i), x.To, v.names())
	}
	for host := range s.NFT {
		v.known("nft."+host, host, v.hosts)
	}
	for i, g := range s.Settings.Grants {
		if !strings.HasPrefix(g.Origin, "http://") && !strings.HasPrefix(g.Origin, "https://") || g.Permission == "" {
			v.fail(fmt.Sprintf("settings.grants[%d]", i), "needs origin (http://… or https://…) and permission (microphone, camera)")
		}
	}
	if b := s.Baseline; b != nil {
		operators := slices.Sorted(maps.Keys(s.Operators))
		for i, name := range b.Exits {
			v.known(fmt.Sprintf("baseline.exits[%d]", i), name, operators)
		}
		for i, name := range b.Resolvers {
			v.known(fmt.Sprintf("baseline.resolvers[%d]", i), name, operators)
		}
	}
	if wrong := s.CheckNodes(); wrong != "" {
		v.fail("nodes", "%s", wrong)
	}
	v.checkHardening()
	v.checkSteps()
}

type validator struct {
	*Scenario
	d     *decoder
	hosts []string
}

func (v *validator) fail(path, format string, args ...any) {
	line := 0
	for at := path; at != "" && line == 0; at = parent(at) {
		line = v.d.lines[at]
	}
	v.d.fail(path, max(line, 1), format, args...)
}

// parent is the path above, so that a missing field is shown where it belongs.
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

func (v *validator) names() []string { return slices.Sorted(maps.Keys(v.Resolvers)) }

func (v *validator) known(path, name string, names []string) {
	if !slices.Contains(names, name) {
		v.fail(path, "%q does not exist (allowed: %s)", name, list(names))
	}
}

func (v *validator) checkLink(path string, l Link) {
	if l == "vpn" && v.VPN == nil {
		v.fail(path, "vpn needs the field vpn in this file")
	}
}

func (v *validator) checkHosts() {
	for name, h := range v.Hosts {
		path := "hosts." + name
		if !nameRE.MatchString(name) {
			v.fail(path, "is not a name (allowed: %s)", nameRE)
		}
		v.known(path+".at", h.At, v.hosts)
		if h.At == name || len(h.Addresses) == 0 {
			v.fail(path, "needs at (another host) and addresses")
		}
		for at, hops := h.At, 0; at != ""; at, hops = v.Hosts[at].At, hops+1 {
			if hops > len(v.Hosts) {
				v.fail(path+".at", "leads back to itself")
				break
			}
		}
	}
}

func (v *validator) checkResolvers() {
	for name, r := range v.Resolvers {
		path := "resolvers." + name
		if !nameRE.MatchString(name) {
			v.fail(path, "is not a name (allowed: %s)", nameRE)
		}
		if r.On != "" {
			v.known(path+".on", r.On, v.hosts)
		} else {
			v.known(path+".at", r.At, v.hosts)
		}
		if len(r.Addresses) == 0 {
			v.fail(path, "needs addresses")
		}
		if r.Forward != "" {
			v.known(path+".forward", r.Forward, v.names())
		}
	}
}

func (v *validator) checkOperators() {
	for name, o := range v.Operators {
		if len(o.Prefixes) == 0 || o.ASN <= 0 || o.Org == "" {
			v.fail("operators."+name, "needs prefixes, asn and org")
		}
		if strings.ContainsAny(o.Org+o.Country, ",\"\n#") {
			v.fail("operators."+name, "org and country must not hold a comma, quote, # or line break")
		}
	}
}

func (v *validator) checkClient(path string, uses []Use) {
	if len(uses) == 0 {
		v.fail(path, "needs at least one resolver")
	}
	for i, u := range uses {
		at := fmt.Sprintf("%s[%d]", path, i)
		if _, err := netip.ParseAddr(u.Resolver); err != nil {
			v.known(at, u.Resolver, v.names())
		}
		v.checkLink(at+".by", u.By)
	}
}

func list(names []string) string { return strings.Join(names, ", ") }
