package udp

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNeverFragment: in either family, and on a socket of both.
func TestNeverFragment(t *testing.T) {
	for _, test := range []struct {
		at            string
		level, option int
		want          int
	}{
		{"127.0.0.1:0", unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE},
		{"[::1]:0", unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE},
		{"[::]:0", unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE},
		{"[::]:0", unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE},
	} {
		s, err := Listen(netip.MustParseAddrPort(test.at), echo, func(string) {})
		if err != nil {
			t.Fatalf("loopback needs both families: %v", err)
		}
		raw, err := s.conn.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		if err := raw.Control(func(fd uintptr) {
			if got, err := unix.GetsockoptInt(int(fd), test.level, test.option); err != nil || got != test.want {
				t.Errorf("%s: level %d has %d, %v", test.at, test.level, got, err)
			}
		}); err != nil {
			t.Error(err)
		}
		_ = s.Close()
	}
}
