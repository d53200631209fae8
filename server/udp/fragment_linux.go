package udp

import (
	"net"

	"golang.org/x/sys/unix"
)

// neverFragment sets DF and takes no advice of ICMP about the way's MTU: that can be
// forged, and an answer in fragments can be forged too (RFC 9715 §3.1 and appendix C).
// Ours are small enough for every way. It also spares the kernel a look at the way's MTU
// and a number for each packet. Where it cannot be set, answers go as they always did.
func neverFragment(conn *net.UDPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) { // a socket of both families has both
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
		_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE)
	})
}
