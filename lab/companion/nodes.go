package companion

import (
	"context"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"strings"

	"watertight/lab/isolate"
	"watertight/lab/scenario"
	"watertight/lab/service"
)

// keyFile holds what nodes sign their reports with.
const keyFile = "report-keys"

// api is where nodes report to: by address, since they have no resolver.
func api() string { return "http://" + scenario.Companion.String() }

func both(addrs []netip.Addr) string {
	var out []string
	for _, a := range addrs {
		out = append(out, a.String())
	}
	return strings.Join(out, ",")
}

// at is a port of a machine's addresses, as the server's flags want it.
func portOf(addrs []netip.Addr, port uint16) string {
	var out []string
	for _, a := range addrs {
		out = append(out, netip.AddrPortFrom(a, port).String())
	}
	return strings.Join(out, ",")
}

// NodeArgs are the flags of one node.
func NodeArgs(binary, keys, sig string, nodes [][]netip.Addr, i int) []string {
	own := nodes[i]
	return append([]string{binary, "--zone", scenario.Zone, "--ip4", own[0].String(), "--ip6", own[1].String(),
		"--dns", portOf(own, 53), "--stun", portOf(own, 3478), "--dnssec-key", sig,
		"--api", both([]netip.Addr{scenario.Companion, scenario.Companion6}), "--report", api(), "--report-plain", "--report-key", keys}, nsFlags(nodes)...)
}

func nsFlags(nodes [][]netip.Addr) (flags []string) {
	for _, addrs := range nodes {
		flags = append(flags, "--ns", both(addrs))
	}
	return flags
}

// nodes starts them all, and gives the flags of the API that they report to.
func (o Options) nodes(ctx context.Context) ([]string, error) {
	keys, sig := filepath.Join(isolate.Temp, keyFile), filepath.Join(isolate.Temp, "sig.pem")
	for _, args := range [][]string{{"keygen", "--report-key", keys}, {"keygen", "--zone", scenario.Zone, "--dnssec-key", sig}} {
		if said, err := exec.CommandContext(ctx, o.Binary, args...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("make keys: %w: %s", err, said)
		}
	}
	for i := range o.Nodes {
		name := scenario.NodeName(i + 1)
		if _, err := service.Start(service.Spec{Name: name, Machine: name, Args: append(NodeArgs(o.Binary, keys, sig, o.Nodes, i), o.Flags...)}); err != nil {
			return nil, err
		}
	}
	return append([]string{"--dns=", "--stun=", "--turn=", "--report-keys", keys}, nsFlags(o.Nodes)...), nil
}
