package tunnel

import (
	"context"
	"fmt"
	"strings"

	"watertight/lab/ca"
	"watertight/lab/network"
	"watertight/lab/service"
)

const openvpnPort = "1194"

// openvpn brings up OpenVPN with TLS and certificates of both ends, over UDP.
// Addresses and routes are set as for WireGuard: what tunnels differ in here is
// the program, its interface and its packets.
func openvpn(ctx context.Context, p *network.Plan, authority *ca.CA) error {
	var daemon *service.Service
	for _, end := range []struct{ machine, dev, role string }{
		{"vpn", serverDev, "--tls-server --dh none --local " + network.ServerEndpoint.String() + " --lport " + openvpnPort},
		{"client", clientDev, "--tls-client --nobind --remote " + network.ServerEndpoint.String() + " " + openvpnPort},
	} {
		files, err := authority.Issue("openvpn-"+end.machine, nil)
		if err != nil {
			return err
		}
		args := append([]string{"openvpn"}, strings.Fields(openvpnArgs(end.dev, end.role, files))...)
		if daemon, err = service.Start(service.Spec{Name: "openvpn-" + end.machine, Machine: end.machine, Args: args}); err != nil {
			return err
		}
		if err := daemon.Ready(ctx, func() error { return addresses(ctx, p, end.machine, end.dev) }); err != nil {
			return err
		}
	}
	return daemon.Ready(ctx, func() error { return daemon.Said("Initialization Sequence Completed") })
}

func openvpnArgs(dev, role string, f ca.Files) string {
	return fmt.Sprintf("--dev %s --dev-type tun --proto udp4 --ifconfig-noexec --route-noexec --disable-dco --data-ciphers AES-256-GCM --verb 1"+
		" --ca %s --cert %s --key %s %s", dev, f.CA, f.Cert, f.Key, role)
}

// addresses gives an end its addresses once its interface is there.
func addresses(ctx context.Context, p *network.Plan, machine, dev string) error {
	var commands []network.Command
	for _, a := range p.TunnelAddrs(machine) {
		args := append([]string{"ip", "address", "replace", "dev", dev}, strings.Fields(a)...)
		commands = append(commands, network.Command{Machine: machine, Args: args})
	}
	commands = append(commands, network.Command{Machine: machine, Args: []string{"ip", "link", "set", dev, "up"}})
	return network.RunAll(ctx, commands)
}
