package candidate

import (
	"strings"
	"testing"

	"watertight/leak/address"
)

// FuzzParse holds that nothing panics, that errors are ours, and that writing a
// candidate and reading it again gives the same candidate.
func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"", "candidate:", "end-of-candidates",
		"candidate:1467250027 1 udp 2122260223 " + mdns + " 46154 typ host generation 0 ufrag abcd network-cost 999",
		"a=candidate:0 1 TCP 2105524479 " + mdns + " 9 typ host tcptype active\r",
		"candidate:842163049 1 udp 1677729535 192.0.2.10 46154 typ srflx raddr 0.0.0.0 rport 0",
		"candidate:2 1 UDP 1 2001:db8:100::10 5 typ host",
		"candidate:2 1 UDP 1 fe80::1%eth0 5 typ host raddr ::ffff:10.0.0.1 rport 7",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		c, err := Parse(line)
		if err != nil {
			if err != ErrEnd && err != ErrSyntax && err != ErrTooLong {
				t.Fatalf("a foreign error: %v", err)
			}
			return
		}
		if c.Class() == address.Invalid || c.Raw != line || c.Addr.Is4In6() || c.Addr.Zone() != "" {
			t.Fatalf("a half candidate: %#v", c)
		}
		again, err := Parse(c.String())
		if err != nil {
			t.Fatalf("cannot read %q again: %v", c.String(), err)
		}
		again.Raw = c.Raw
		if again != c {
			t.Fatalf("%q became %#v, was %#v", c.String(), again, c)
		}
		if strings.ContainsAny(c.String(), "\r\n") {
			t.Fatalf("a line break in %q", c.String())
		}
	})
}
