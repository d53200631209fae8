// Package table compares what the companion says about a resolver with what the
// wire says: the same queries, read by two programs that share no code.
package table

import (
	"cmp"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"watertight/lab/capture"
	"watertight/lab/scenario"
)

// Sighting is one entry of the companion's API, as far as it is compared.
type Sighting struct {
	Label     string   `json:"label"`
	Resolver  string   `json:"resolver"`
	Family    int      `json:"family"`
	Transport string   `json:"transport"`
	QTypes    []string `json:"qtypes"`
	EDNS      *EDNS    `json:"edns"`
	ECS       string   `json:"ecs"`
}

// EDNS is what the OPT record says (RFC 6891, 7873).
type EDNS struct {
	Size   uint16 `json:"size"`
	DO     bool   `json:"do"`
	Cookie bool   `json:"cookie"`
}

// Traits are the habits of a resolver that the wire shows.
type Traits struct {
	Minimised bool `json:"minimised"`  // asks for shortened names first (RFC 9156)
	MixedCase bool `json:"mixed_case"` // 0x20
	DO        bool `json:"do"`
	Cookie    bool `json:"cookie"`
	TCP       bool `json:"tcp"` // comes back over TCP when truncated
	ECS       bool `json:"ecs"`
}

// Truth merges captured queries below a token as the companion documents it:
// by label, resolver and transport; the largest size, the longest subnet.
func Truth(queries []capture.Query, token string) ([]Sighting, Traits) {
	var out []Sighting
	var traits Traits
	suffix := token + "." + scenario.Zone + "."
	for _, q := range queries {
		wire := q.Message.Question[0].Name
		name := strings.ToLower(wire)
		if name != suffix && !strings.HasSuffix(name, "."+suffix) {
			continue
		}
		label := strings.TrimSuffix(strings.TrimSuffix(name, suffix), ".")
		i := slices.IndexFunc(out, func(s Sighting) bool {
			return s.Label == label && s.Resolver == q.Source.String() && s.Transport == q.Transport
		})
		if i < 0 {
			out = append(out, Sighting{Label: label, Resolver: q.Source.String(), Family: family(q.Source), Transport: q.Transport})
			i = len(out) - 1
		}
		out[i].add(q.Message)
		traits.Minimised = traits.Minimised || label == ""
		traits.MixedCase = traits.MixedCase || wire != name
		traits.TCP = traits.TCP || q.Transport == "tcp"
	}
	for _, s := range out {
		traits.ECS = traits.ECS || s.ECS != ""
		traits.DO = traits.DO || s.EDNS != nil && s.EDNS.DO
		traits.Cookie = traits.Cookie || s.EDNS != nil && s.EDNS.Cookie
	}
	return out, traits
}

func (s *Sighting) add(m *dns.Msg) {
	if t := dns.TypeToString[m.Question[0].Qtype]; !slices.Contains(s.QTypes, t) {
		s.QTypes = append(s.QTypes, t)
	}
	opt := m.IsEdns0()
	if opt == nil {
		return
	}
	if s.EDNS == nil {
		s.EDNS = &EDNS{}
	}
	s.EDNS.Size = max(s.EDNS.Size, opt.UDPSize())
	s.EDNS.DO = s.EDNS.DO || opt.Do()
	for _, o := range opt.Option {
		switch o := o.(type) {
		case *dns.EDNS0_COOKIE:
			s.EDNS.Cookie = true
		case *dns.EDNS0_SUBNET:
			a, _ := netip.AddrFromSlice(o.Address)
			p := netip.PrefixFrom(a.Unmap(), int(o.SourceNetmask)).Masked()
			if old, err := netip.ParsePrefix(s.ECS); p.IsValid() && (err != nil || p.Bits() > old.Bits()) {
				s.ECS = p.String()
			}
		}
	}
}

// Differences says in words where the companion is wrong.
func Differences(truth, seen []Sighting) []string {
	var out []string
	for _, list := range [][]Sighting{truth, seen} {
		for i := range list {
			list[i].QTypes = slices.Sorted(slices.Values(list[i].QTypes))
		}
		slices.SortFunc(list, func(a, b Sighting) int { return cmp.Compare(a.key(), b.key()) })
	}
	for _, t := range truth {
		i := slices.IndexFunc(seen, func(s Sighting) bool { return s.key() == t.key() })
		switch {
		case i < 0:
			out = append(out, fmt.Sprintf("%s is not seen", t))
		case !reflect.DeepEqual(seen[i], t):
			out = append(out, fmt.Sprintf("%s is seen as %s", t, seen[i]))
		}
	}
	for _, s := range seen {
		if !slices.ContainsFunc(truth, func(t Sighting) bool { return s.key() == t.key() }) {
			out = append(out, fmt.Sprintf("%s was never asked", s))
		}
	}
	return out
}

func (s Sighting) key() string { return s.Label + " " + s.Resolver + " " + s.Transport }

func (s Sighting) String() string {
	edns := "no EDNS"
	if s.EDNS != nil {
		edns = fmt.Sprintf("%+v", *s.EDNS)
	}
	return fmt.Sprintf("%q from %s over %s %v %s ecs=%q", s.Label, s.Resolver, s.Transport, s.QTypes, edns, s.ECS)
}

func family(a netip.Addr) int {
	if a.Is4() {
		return 4
	}
	return 6
}
