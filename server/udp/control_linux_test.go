package udp

import (
	"bytes"
	"net"
	"testing"
	"unsafe"

	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
	"golang.org/x/sys/unix"
)

// received is a control message as the kernel gives it.
func received[T any](level, kind int32, info T) []byte {
	c := new(control)
	return c.bytes()[:put(c, level, kind, &info)]
}

func received4(dst string) []byte {
	return received(unix.IPPROTO_IP, unix.IP_PKTINFO, unix.Inet4Pktinfo{Ifindex: 3, Spec_dst: [4]byte{10, 0, 0, 1}, Addr: [4]byte(net.ParseIP(dst).To4())})
}

func received6(dst string) []byte {
	return received(unix.IPPROTO_IPV6, unix.IPV6_PKTINFO, unix.Inet6Pktinfo{Addr: [16]byte(net.ParseIP(dst).To16()), Ifindex: 3})
}

// TestControl: the batch's way and x/net's give the kernel the same bytes.
func TestControl(t *testing.T) {
	other := received(unix.SOL_SOCKET, unix.SO_TIMESTAMP, [16]byte{1})
	for name, b := range map[string][]byte{
		"nothing": nil, "other": other, "cut": received4("192.0.2.1")[:20],
		"v4": received4("192.0.2.1"), "v4 multicast": received4("224.0.0.251"), "v4 after other": append(bytes.Clone(other), received4("192.0.2.1")...),
		"v6": received6("2001:db8::1"), "link-local": received6("fe80::1"), "v6 multicast": received6("ff02::fb"),
		"mapped": received6("::ffff:192.0.2.1"), "both": append(received4("192.0.2.1"), received6("::ffff:192.0.2.1")...),
	} {
		var c control
		copy(c.bytes(), b)
		got := c.bytes()[:c.source(len(b))]
		if want := sourceOf(b); !bytes.Equal(got, want) {
			t.Errorf("%s: %x, want %x", name, got, want)
		}
	}
	if most := len(ipv4.NewControlMessage(ipv4.FlagDst|ipv4.FlagInterface)) + len(ipv6.NewControlMessage(ipv6.FlagDst|ipv6.FlagInterface)); most > int(unsafe.Sizeof(control{})) {
		t.Errorf("both messages need %d octets", most)
	}
}

func FuzzControl(f *testing.F) {
	f.Add(append(received4("192.0.2.1"), received6("fe80::1")...))
	f.Add(bytes.Repeat([]byte{0xff}, 200))
	f.Fuzz(func(t *testing.T, b []byte) {
		var c control
		if n := c.source(copy(c.bytes(), b)); n > len(c.bytes()) {
			t.Fatal(n)
		}
	})
}
