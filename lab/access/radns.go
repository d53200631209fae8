package access

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"watertight/lab/isolate"
	"watertight/lab/netns"
	"watertight/lab/service"
)

// RadvdConfig advertises name servers (RFC 8106 §5.1) and nothing else: the
// client's addresses are the lab's.
func RadvdConfig(servers []netip.Addr) string {
	var b strings.Builder
	b.WriteString("interface client {\n  AdvSendAdvert on;\n  MinRtrAdvInterval 3;\n  MaxRtrAdvInterval 4;\n  AdvDefaultLifetime 0;\n")
	for _, a := range servers {
		if a.Is6() {
			fmt.Fprintf(&b, "  RDNSS %s { AdvRDNSSLifetime 60; };\n", a)
		}
	}
	return b.String() + "};\n"
}

// AdvertiseDNS starts the home router's advertisements and, on the client, the
// daemon that obeys them: what it hears goes above what resolv.conf held, as
// Debian's rdnssd does it.
func AdvertiseDNS(ctx context.Context, servers []netip.Addr, resolvConf string) error {
	config := filepath.Join(isolate.Temp, "radvd.conf")
	if err := os.WriteFile(config, []byte(RadvdConfig(servers)), 0o600); err != nil {
		return fmt.Errorf("write radvd config: %w", err)
	}
	own, err := os.ReadFile(resolvConf)
	if err != nil {
		return fmt.Errorf("read resolv.conf: %w", err)
	}
	heard, hook := filepath.Join(isolate.Temp, "ra-resolv.conf"), filepath.Join(isolate.Temp, "ra-hook")
	script := fmt.Sprintf("#!/bin/sh\n{ cat %s; cat <<'.'\n%s.\n} >%s\n", heard, own, resolvConf)
	if err := os.WriteFile(hook, []byte(script), 0o700); err != nil {
		return fmt.Errorf("write rdnssd hook: %w", err)
	}
	for _, v := range [][2]string{{"accept_ra_defrtr", "0"}, {"autoconf", "0"}, {"accept_ra", "1"}} { // the kernel hands on what it accepts
		if err := netns.Sysctl("client", "net/ipv6/conf/isp/"+v[0], v[1]); err != nil {
			return err
		}
	}
	listener, err := service.Start(service.Spec{Name: "rdnssd", Machine: "client",
		Args: []string{"rdnssd", "-f", "-u", "root", "-p", filepath.Join(isolate.Temp, "rdnssd.pid"), "-r", heard, "-H", hook}})
	if err != nil {
		return err
	}
	if _, err := service.Start(service.Spec{Name: "radvd", Machine: "home",
		Args: []string{"radvd", "-n", "-m", "stderr", "-C", config, "-p", filepath.Join(isolate.Temp, "radvd.pid")}}); err != nil {
		return err
	}
	return listener.Ready(ctx, func() error {
		now, err := os.ReadFile(resolvConf)
		if err == nil && len(now) <= len(own) {
			err = errors.New("no name server advertised yet")
		}
		return err
	})
}
