// Package conformance asks the companion as programs do that we did not write, in
// a delegation from the root: dig with ISC's EDNS queries, kdig's cookies, delv and
// dnsviz for the signatures, coturn's STUN client.
package conformance

import (
	"context"
	_ "embed" // for the table
	"fmt"
	"strings"
	"time"

	"watertight/lab/network"
	"watertight/lab/scenario"
)

// Row is one case.
type Row struct {
	Tool string `json:"tool"`
	Case string `json:"case"`
	Over string `json:"over"`
	OK   bool   `json:"ok"`
	Said string `json:"said,omitempty"` // what was wrong, and what the tool printed
}

// Tools are the programs that must be there.
var Tools = []string{"dig", "delv", "kdig", "dnsviz", "turnutils_stunclient"}

// machine is where the tools run: at home, behind the ISP.
const machine = "client"

// patience with one call of a tool.
const patience = 60 * time.Second

// Run asks everything and reports each case; an error means that nothing could be
// asked.
func Run(ctx context.Context, token string, report func(Row)) error {
	anchor, err := trustAnchor(ctx)
	if err != nil {
		return err
	}
	replace := strings.NewReplacer("ZONE", scenario.Zone, "TOKEN", token)
	queries, err := parseTable(replace.Replace(edns))
	if err != nil {
		return err
	}
	for _, over := range []struct{ family, server string }{{"IPv4", scenario.Companion.String()}, {"IPv6", scenario.Companion6.String()}} {
		for _, q := range queries {
			report(q.ask(ctx, over.family, over.server))
		}
		report(cookies(ctx, over.family, over.server))
		report(stun(ctx, over.family, over.server))
		for name, want := range map[string]string{"valid": "fully validated", "broken": "RRSIG failed to verify"} {
			report(validate(ctx, over.family, over.server, anchor, name, want))
		}
	}
	return visualise(ctx, anchor, report)
}

//go:embed edns.txt
var edns string

// run is what a program prints; one that fails prints why.
func run(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return network.Output(ctx, network.Command{Machine: machine, Args: args})
}

func judge(tool, name, over string, said string, wrong []string, err error) Row {
	r := Row{Tool: tool, Case: name, Over: over, OK: err == nil && len(wrong) == 0}
	switch {
	case err != nil:
		r.Said = err.Error()
	case !r.OK:
		r.Said = fmt.Sprintf("%s\n%s", strings.Join(wrong, ", "), said)
	}
	return r
}
