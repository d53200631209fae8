package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"time"

	"github.com/miekg/dns"

	"watertight/lab/companion"
	"watertight/lab/flood"
	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/scenario"
	"watertight/lab/world"
)

const (
	// floodRate is the companion's limit in this network, and floodFactor how many
	// times that comes in the victim's name. A hundred keeps two cores free for what
	// is measured.
	floodRate, floodFactor = 100, 50
	// floodNames are asked for before and during the flood, one every floodPause.
	floodNames, floodPause = 100, 20 * time.Millisecond
	// floodPatience: a browser's stub resolver asks again after five seconds.
	floodPatience = 5 * time.Second
	// floodGain is the most that may come back to the victim for each octet sent in
	// its name. What is under the limit has some 1.8 times its query's.
	floodGain = 1.1
)

// floodRow is how one kind of resolver fared.
type floodRow struct {
	Resolver string   `json:"resolver"`
	Spoofed  int      `json:"spoofed"` // queries in its name
	Before   int      `json:"before_ms"`
	During   int      `json:"during_ms"` // the slowest look-up
	Cookie   bool     `json:"cookie"`
	TCP      bool     `json:"tcp"`  // recovered that way
	Gain     float64  `json:"gain"` // octets that the companion sent for each that it got
	Wrong    []string `json:"wrong"`
}

// flooded shows that a real resolver goes on working while the companion is
// flooded with queries in its name, by TCP (unbound) or by cookie (BIND).
func flooded(ctx context.Context, args []string) (int, error) {
	var o options
	flags := flag.NewFlagSet("flood", flag.ContinueOnError)
	o.register(flags, "", "")
	kinds, err := parse(flags, args)
	if err != nil {
		return 0, err
	}
	if len(kinds) == 0 {
		kinds = []string{"unbound", "bind"}
	}
	code := exitOK
	for _, kind := range kinds {
		s, err := floodScenario(kind)
		if err != nil {
			return 0, err
		}
		if err := prepared(ctx, o, []*scenario.Scenario{s}); err != nil {
			return 0, err
		}
		j := job{Flood: kind}
		if err := j.paths(o.root, o.build); err != nil {
			return 0, err
		}
		if _, err := os.Stat(j.server()); err != nil {
			return 0, fmt.Errorf("%w: %w (./build.sh lab builds it)", isolate.ErrMissing, err)
		}
		var r *floodRow
		if err := isolated(ctx, j, func(e event) { r = e.Flood }); err != nil || r == nil {
			return 0, fmt.Errorf("%s: nothing was measured: %w", kind, err)
		}
		if o.json {
			_ = json.NewEncoder(os.Stdout).Encode(r) // the exit code speaks if nobody reads
		} else {
			fmt.Printf("%+v\n", *r)
		}
		if len(r.Wrong) > 0 {
			code = exitFailed
		}
	}
	return code, nil
}

func floodScenario(kind string) (*scenario.Scenario, error) {
	if !slices.Contains(scenario.ResolverKind("").Allowed(), kind) {
		return nil, fmt.Errorf("%w: no resolver %q", errUsage, kind)
	}
	return scenario.Parse("flood.yaml", fmt.Appendf(nil, "title: flood\nwhy: Recovery.\nexpect: {outcome: clear}\n"+
		"hosts:\n  %s: {at: internet, addresses: [203.0.113.66]}\nresolvers:\n  isp: {kind: %s}\n", flood.Machine, kind))
}

func (j job) flood(ctx context.Context) (*floodRow, error) {
	s, err := floodScenario(j.Flood)
	if err != nil {
		return nil, err
	}
	w, err := world.Create(ctx, s, j.programs(), "--rate", fmt.Sprint(floodRate))
	if err != nil {
		return nil, fmt.Errorf("make network: %w", err)
	}
	resolver := w.Plan.ResolverAddrs("isp")[0]
	r := &floodRow{Resolver: j.Flood, Wrong: []string{}}
	r.Before = r.lookUps(resolver, newToken())

	attack, end := context.WithCancel(ctx)
	failed := make(chan error, 1)
	go func() {
		var err error
		r.Spoofed, err = flood.Attack(attack, resolver, floodRate*floodFactor)
		failed <- err
	}()
	time.Sleep(time.Second) // the limit's burst is used up
	in, out, err := flood.Traffic("companion")
	if err != nil {
		end()
		return nil, err
	}
	token := newToken()
	r.During = r.lookUps(resolver, token)
	in2, out2, err := flood.Traffic("companion")
	end()
	if err := <-failed; err != nil {
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	r.Gain = float64(out2-out) / float64(in2-in)
	return r, r.judge(w.Companion, token)
}

// judge asks the companion how the resolver came.
func (r *floodRow) judge(c *companion.Companion, token string) error {
	var seen struct {
		Sightings []struct {
			Transport string
			EDNS      struct{ Cookie bool }
		} `json:"sightings"`
	}
	if err := c.Get("client", "/v1/sightings/"+token, &seen); err != nil {
		return err
	}
	for _, s := range seen.Sightings {
		r.TCP = r.TCP || s.Transport == "tcp"
		r.Cookie = r.Cookie || s.EDNS.Cookie
	}
	if !r.TCP && !r.Cookie {
		r.Wrong = append(r.Wrong, "nothing was limited")
	}
	if len(seen.Sightings) == 0 {
		r.Wrong = append(r.Wrong, "the companion has seen nothing of the resolver")
	}
	if r.Gain > floodGain {
		r.Wrong = append(r.Wrong, fmt.Sprintf("the victim got %.2f octets for each", r.Gain))
	}
	if r.Spoofed < floodRate*floodFactor {
		r.Wrong = append(r.Wrong, "the flood was none")
	}
	return nil
}

// lookUps asks for new names one after the other and returns what the slowest took,
// in milliseconds.
func (r *floodRow) lookUps(resolver netip.Addr, token string) int {
	slowest := time.Duration(0)
	for i := range floodNames {
		name := fmt.Sprintf("f%d.%s.%s.", i, token, scenario.Zone)
		var took time.Duration
		err := netns.Do("client", func() error {
			client := dns.Client{Timeout: floodPatience}
			m, rtt, err := client.Exchange(new(dns.Msg).SetQuestion(name, dns.TypeA), netip.AddrPortFrom(resolver, 53).String())
			if err == nil && m.Rcode != dns.RcodeNameError {
				err = fmt.Errorf("answered %s", dns.RcodeToString[m.Rcode])
			}
			took = rtt
			return err
		})
		if err != nil {
			r.Wrong = append(r.Wrong, fmt.Sprintf("look-up %d: %v", i, err))
		}
		slowest = max(slowest, took)
		time.Sleep(floodPause)
	}
	return int(slowest.Milliseconds())
}
