// Package access gives the client's real connection what some ISPs add to it:
// NAT64 for clients without IPv4, and resolvers named by router advertisements.
package access

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"watertight/lab/isolate"
	"watertight/lab/network"
	"watertight/lab/service"
)

const nat64Dev = "nat64"

// TaygaConfig is the translator's configuration: stateless by itself, so that
// the ISP's NAT behind it makes the stateful NAT64 of RFC 6146.
func TaygaConfig(dir string) string {
	return fmt.Sprintf("tun-device %s\nipv4-addr %s\nprefix %s\ndynamic-pool %s\ndata-dir %s\n",
		nat64Dev, network.Inside64.Addr().Next(), network.NAT64, network.Inside64, dir)
}

// NAT64 starts the translator at the ISP.
func NAT64(ctx context.Context) error {
	dir := filepath.Join(isolate.Temp, "tayga")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make translator's directory: %w", err)
	}
	file := filepath.Join(dir, "conf")
	if err := os.WriteFile(file, []byte(TaygaConfig(dir)), 0o600); err != nil {
		return fmt.Errorf("write translator config: %w", err)
	}
	tayga, err := service.Start(service.Spec{Name: "tayga", Machine: "isp", Args: []string{"tayga", "-d", "-c", file}})
	if err != nil {
		return err
	}
	return tayga.Ready(ctx, func() error {
		for _, args := range [][]string{
			{"ip", "link", "set", nat64Dev, "up"},
			{"ip", "route", "replace", network.Inside64.String(), "dev", nat64Dev},
			{"ip", "-6", "route", "replace", network.NAT64.String(), "dev", nat64Dev},
		} {
			if err := network.Run(ctx, network.Command{Machine: "isp", Args: args}); err != nil {
				return err
			}
		}
		return nil
	})
}
