package network

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"watertight/lab/netns"
)

// Forget empties a machine's table of connections, as a NAT's is empty when its
// user comes out of another one. What runs on gets a new address or dies.
func Forget(machine string) error {
	return netns.Do(machine, func() error {
		fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_NETFILTER)
		if err != nil {
			return fmt.Errorf("open netfilter socket: %w", err)
		}
		defer unix.Close(fd)
		const deleteAll = 1<<8 | 2 // NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE
		request := make([]byte, unix.NLMSG_HDRLEN+4)
		binary.NativeEndian.PutUint32(request, uint32(len(request)))
		binary.NativeEndian.PutUint16(request[4:], deleteAll)
		binary.NativeEndian.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_ACK)
		if err := unix.Sendto(fd, request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
			return fmt.Errorf("flush connections: %w", err)
		}
		reply := make([]byte, 4096)
		n, _, err := unix.Recvfrom(fd, reply, 0)
		if err != nil {
			return fmt.Errorf("flush connections: %w", err)
		}
		if n < unix.NLMSG_HDRLEN+4 {
			return fmt.Errorf("flush connections: reply of %d bytes", n)
		}
		if code := int32(binary.NativeEndian.Uint32(reply[unix.NLMSG_HDRLEN:])); code != 0 {
			return fmt.Errorf("flush connections: %w", unix.Errno(-code))
		}
		return nil
	})
}
