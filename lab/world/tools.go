package world

import (
	"watertight/lab/network"
	"watertight/lab/resolver"
	"watertight/lab/scenario"
)

// Tools are the programs that a scenario needs on this system.
func Tools(s *scenario.Scenario) (tools []string, tun bool) {
	tools = []string{"ip", "nft"}
	slow := s.ISP.Delay > 0 || s.ISP.Loss > 0
	for _, h := range s.Hosts {
		slow = slow || h.Delay > 0 || h.Loss > 0
	}
	if s.VPN != nil {
		tools = append(tools, map[scenario.TunnelKind][]string{"wireguard": {"wireguard-go", "wg"}, "openvpn": {"openvpn"}}[s.VPN.Tunnel]...)
	}
	if s.Proxy != nil {
		tools = append(tools, map[scenario.ProxyKind]string{"socks5": "microsocks", "http": "tinyproxy"}[s.Proxy.Kind])
	}
	if s.ISP.NAT64 {
		tools = append(tools, "tayga")
	}
	if s.ISP.RADNS != "" {
		tools = append(tools, "radvd", "rdnssd")
	}
	for _, name := range network.New(s).ResolversInUse() {
		if kind := s.Resolvers[name].Kind; kind != "systemd-resolved" { // found otherwise: package debian
			tools = append(tools, resolver.Program(kind))
		}
	}
	return tools, slow || s.VPN != nil || s.ISP.NAT64
}
