package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"watertight/lab/capture"
	"watertight/lab/netns"
	"watertight/lab/network"
	"watertight/lab/scenario"
	"watertight/lab/table"
	"watertight/lab/world"
)

// tableJob is one resolver to show to the companion.
type tableJob struct {
	Kind string
	ECS  bool
}

// newToken is a token as the extension makes it: 128 random bits.
func newToken() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

func (j job) measureResolver(ctx context.Context) (*row, error) {
	s, err := tableScenario(j.Table.Kind, j.Table.ECS)
	if err != nil {
		return nil, err
	}
	w, err := world.Create(ctx, s, j.programs())
	if err != nil {
		return nil, fmt.Errorf("make network: %w", err)
	}
	wire, err := capture.Start(append(s.NodeNames(), "companion")...)
	if err != nil {
		return nil, err
	}
	token := newToken()
	server := network.New(s).ResolverAddrs("isp")[0]
	for _, name := range []string{"f0", "f1", "t0"} {
		for _, qtype := range []uint16{dns.TypeA, dns.TypeAAAA} {
			if err := ask(server, name+"."+token+"."+scenario.Zone+".", qtype); err != nil {
				return nil, err
			}
		}
	}
	var seen struct {
		Sightings []table.Sighting `json:"sightings"`
	}
	if err := w.Companion.Get("client", "/v1/sightings/"+token, &seen); err != nil {
		return nil, err
	}
	queries := wire.Queries()
	truth, traits := table.Truth(queries, token)
	if len(truth) == 0 {
		return nil, fmt.Errorf("no query reached the companion")
	}
	r := &row{Resolver: j.Table.Kind, ECS: j.Table.ECS, Traits: traits, Queries: len(queries), Wrong: table.Differences(truth, seen.Sightings)}
	if j.Table.ECS && !traits.ECS {
		r.Wrong = append(r.Wrong, "the resolver passed no subnet on")
	}
	if !traits.TCP {
		r.Wrong = append(r.Wrong, "the truncated answer was not asked for again over TCP")
	}
	return r, nil
}

// ask asks from the client as a stub resolver does, again over TCP if the answer
// was truncated (RFC 7766 §5); what it says matters not.
func ask(server netip.Addr, name string, qtype uint16) error {
	return netns.Do("client", func() error {
		for _, transport := range []string{"udp", "tcp"} {
			client := dns.Client{Net: transport, Timeout: 5 * time.Second}
			reply, _, err := client.Exchange(new(dns.Msg).SetQuestion(name, qtype), netip.AddrPortFrom(server, 53).String())
			if err != nil {
				return fmt.Errorf("ask %s over %s: %w", name, transport, err)
			}
			if !reply.Truncated {
				break
			}
		}
		return nil
	})
}
