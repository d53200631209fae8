// Package companion starts the project's own server in the lab, as the
// authority for its zone on the lab's Internet.
package companion

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"maps"

	"watertight/lab/isolate"
	"watertight/lab/netns"

	"watertight/lab/scenario"
	"watertight/lab/service"
)

// Networks is the scenario's world for the companion: whose prefix is whose.
func Networks(operators map[string]scenario.Operator) string {
	var b strings.Builder
	b.WriteString("# prefix,asn,org,country,kind\n")
	for _, name := range slices.Sorted(maps.Keys(operators)) {
		o := operators[name]
		for _, prefix := range o.Prefixes {
			fmt.Fprintf(&b, "%s,%d,%s,%s,%s\n", prefix, o.ASN, o.Org, o.Country, o.Kind)
		}
	}
	return b.String()
}

// Args are the server's flags in the lab.
func Args(binary, networks string) []string {
	at := func(port uint16) string {
		return netip.AddrPortFrom(scenario.Companion, port).String() + "," + netip.AddrPortFrom(scenario.Companion6, port).String()
	}
	return []string{binary, "--zone", scenario.Zone,
		"--ip4", scenario.Companion.String(), "--ip6", scenario.Companion6.String(),
		"--dns", at(53), "--stun", at(3478), "--http", at(80), "--networks", networks}
}

// Start starts the companion, with more flags if need be, and waits for its API.
func Start(ctx context.Context, binary string, s *scenario.Scenario, flags ...string) error {
	file := filepath.Join(isolate.Temp, "networks.csv")
	if err := os.WriteFile(file, []byte(Networks(s.Operators)), 0o600); err != nil {
		return fmt.Errorf("write networks: %w", err)
	}
	server, err := service.Start(service.Spec{Name: "companion", Machine: "companion", Args: append(Args(binary, file), flags...)})
	if err != nil {
		return err
	}
	return server.Ready(ctx, func() error { return netns.Do("companion", about) })
}

func about() error { return get("/v1/about", nil) }
