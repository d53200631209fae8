package udp

import (
	"net"
	"net/netip"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// A socket on the wildcard address must answer from the address that was asked,
// or the client drops the answer; on a host with several addresses the kernel
// would choose another (RFC 1123 §4.1.3.5). The kernel tells the destination in
// a control message and takes the source in the same way (RFC 3542 §6).

// controlSize holds IP_PKTINFO and IPV6_PKTINFO.
var controlSize = max(
	len(ipv4.NewControlMessage(ipv4.FlagDst|ipv4.FlagInterface)),
	len(ipv6.NewControlMessage(ipv6.FlagDst|ipv6.FlagInterface)),
) + 64

// askForDestination reports whether the platform can do it. Both families are
// asked for: a dual-stack socket carries both.
func askForDestination(conn *net.UDPConn, local netip.Addr) bool {
	err6 := ipv6.NewPacketConn(conn).SetControlMessage(ipv6.FlagDst|ipv6.FlagInterface, true)
	err4 := ipv4.NewPacketConn(conn).SetControlMessage(ipv4.FlagDst|ipv4.FlagInterface, true)
	if local.Is4() {
		return err4 == nil
	}
	return err6 == nil
}

// sourceOf turns "was sent to" into "send from". The interface is repeated for
// link-local addresses alone, which mean nothing without one.
func sourceOf(control []byte) []byte {
	var dst net.IP
	index := 0
	var m6 ipv6.ControlMessage
	var m4 ipv4.ControlMessage
	if m6.Parse(control) == nil && m6.Dst != nil {
		dst, index = m6.Dst, m6.IfIndex
	} else if m4.Parse(control) == nil && m4.Dst != nil {
		dst, index = m4.Dst, m4.IfIndex
	}
	switch {
	case dst == nil || dst.IsMulticast():
		return nil
	case dst.To4() != nil:
		return (&ipv4.ControlMessage{Src: dst}).Marshal()
	case dst.IsLinkLocalUnicast():
		return (&ipv6.ControlMessage{Src: dst, IfIndex: index}).Marshal()
	default:
		return (&ipv6.ControlMessage{Src: dst}).Marshal()
	}
}
