// Package tunnel makes the VPN: a real one, so that what the browser sees is
// what it sees behind a real VPN (interface kinds, routes, MTU, NAT).
package tunnel

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"

	"watertight/lab/ca"
	"watertight/lab/network"
	"watertight/lab/service"
)

// Names of the tunnel's interfaces: WireGuard's control socket is named after
// the interface, so the two ends must differ.
const (
	clientDev = "vpn"
	serverDev = "clients"
)

const port = "51820"

// Up makes the tunnel and waits until it carries. authority certifies the ends
// of a tunnel that wants certificates.
func Up(ctx context.Context, p *network.Plan, authority *ca.CA) error {
	if p.Scenario.VPN.Tunnel == "openvpn" {
		return openvpn(ctx, p, authority)
	}
	return wireguard(ctx, p)
}

func wireguard(ctx context.Context, p *network.Plan) error {
	server, err := newKey()
	if err != nil {
		return err
	}
	client, err := newKey()
	if err != nil {
		return err
	}
	if err := end(ctx, "vpn", serverDev, serverConfig(server, client), p, nil); err != nil {
		return err
	}
	return end(ctx, "client", clientDev, clientConfig(client, server), p, handshake)
}

// end brings up one end: userspace WireGuard, because kernels of containers
// and small virtual machines rarely have the module.
func end(ctx context.Context, machine, dev, config string, p *network.Plan, probe func(context.Context) error) error {
	daemon, err := service.Start(service.Spec{Name: "wireguard-" + machine, Machine: machine,
		Args: []string{"wireguard-go", "-f", dev}, Env: []string{"LOG_LEVEL=error"}})
	if err != nil {
		return err
	}
	if err := daemon.Ready(ctx, func() error {
		if err := listening(dev); err != nil {
			return err
		}
		return network.Run(ctx, network.Command{Machine: machine, Args: []string{"wg", "setconf", dev, "/dev/stdin"}, Input: config})
	}); err != nil {
		return err
	}
	if err := addresses(ctx, p, machine, dev); err != nil || probe == nil {
		return err
	}
	return daemon.Ready(ctx, func() error { return probe(ctx) })
}

// listening looks for the daemon's control socket. wg must not be the first to
// try: it deletes a socket that is bound and not yet listening as left over.
func listening(dev string) error {
	conn, err := net.Dial("unix", filepath.Join("/var/run/wireguard", dev+".sock"))
	if err != nil {
		return err
	}
	return conn.Close()
}

// handshake asks whether the client has heard the server. The keepalive makes
// it try at once.
func handshake(ctx context.Context) error {
	out, err := network.Output(ctx, network.Command{Machine: "client", Args: []string{"wg", "show", clientDev, "latest-handshakes"}})
	if err != nil {
		return err
	}
	if fields := strings.Fields(out); len(fields) != 2 || fields[1] == "0" {
		return errors.New("no handshake yet")
	}
	return nil
}

func serverConfig(own, peer key) string {
	return fmt.Sprintf("[Interface]\nPrivateKey = %s\nListenPort = %s\n[Peer]\nPublicKey = %s\nAllowedIPs = %s/32, %s/128\n",
		own.private, port, peer.public, network.TunnelClient, network.TunnelClient6)
}

func clientConfig(own, peer key) string {
	return fmt.Sprintf("[Interface]\nPrivateKey = %s\n[Peer]\nPublicKey = %s\nEndpoint = %s:%s\nAllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 25\n",
		own.private, peer.public, network.ServerEndpoint, port)
}

type key struct{ private, public string }

func newKey() (key, error) {
	k, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return key{}, fmt.Errorf("make key: %w", err)
	}
	text := base64.StdEncoding.EncodeToString
	return key{text(k.Bytes()), text(k.PublicKey().Bytes())}, nil
}
