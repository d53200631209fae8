package udp

import (
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

const wordSize = int(unsafe.Sizeof(uintptr(0)))

// control holds control messages, aligned as the kernel wants them (cmsg(3)).
type control [128 / unsafe.Sizeof(uintptr(0))]uintptr

func (c *control) first() *byte { return (*byte)(unsafe.Pointer(c)) }

func (c *control) bytes() []byte { return unsafe.Slice(c.first(), len(c)*wordSize) }

// source turns, in place, "was sent to" into "send from", as sourceOf does, and
// returns the new size; 0 leaves the choice to the kernel.
func (c *control) source(size int) int {
	dst, index := destination(c.bytes()[:min(size, len(c)*wordSize)])
	switch {
	case !dst.IsValid() || dst.IsMulticast():
		return 0
	case dst.Is4():
		info := unix.Inet4Pktinfo{Spec_dst: dst.As4()}
		return put(c, unix.IPPROTO_IP, unix.IP_PKTINFO, &info)
	default:
		info := unix.Inet6Pktinfo{Addr: dst.As16()}
		if dst.IsLinkLocalUnicast() {
			info.Ifindex = index
		}
		return put(c, unix.IPPROTO_IPV6, unix.IPV6_PKTINFO, &info)
	}
}

// destination prefers the IPv6 message: on a socket of both families it holds
// mapped addresses too.
func destination(b []byte) (dst netip.Addr, index uint32) {
	for len(b) > 0 {
		h, data, rest, err := unix.ParseOneSocketControlMessage(b)
		if err != nil {
			return dst, index
		}
		b = rest
		switch {
		case h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_PKTINFO && len(data) >= unix.SizeofInet6Pktinfo:
			info := (*unix.Inet6Pktinfo)(unsafe.Pointer(&data[0]))
			return netip.AddrFrom16(info.Addr).Unmap(), info.Ifindex
		case h.Level == unix.IPPROTO_IP && h.Type == unix.IP_PKTINFO && len(data) >= unix.SizeofInet4Pktinfo:
			info := (*unix.Inet4Pktinfo)(unsafe.Pointer(&data[0]))
			dst, index = netip.AddrFrom4(info.Addr), uint32(info.Ifindex)
		}
	}
	return dst, index
}

func put[T any](c *control, level, kind int32, info *T) int {
	clear(c[:])
	h := (*unix.Cmsghdr)(unsafe.Pointer(c))
	h.Level, h.Type = level, kind
	size := int(unsafe.Sizeof(*info))
	h.SetLen(unix.CmsgLen(size))
	copy(c.bytes()[unix.CmsgLen(0):], unsafe.Slice((*byte)(unsafe.Pointer(info)), size))
	return unix.CmsgSpace(size)
}
