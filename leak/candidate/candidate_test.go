package candidate

import (
	"errors"
	"strings"
	"testing"

	"watertight/leak/address"
)

const mdns = "3bd0e6f5-3f4b-4c1e-9a57-0c6f8d1e2a3b.local"

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		line, want string
		class      address.Class
	}{
		"chromium mdns":      {"candidate:1467250027 1 udp 2122260223 " + mdns + " 46154 typ host generation 0 ufrag abcd network-id 1 network-cost 999", "candidate:1467250027 1 udp 2122260223 " + mdns + " 46154 typ host", address.MDNS},
		"upper-case mdns":    {"candidate:1 1 UDP 1 " + strings.ToUpper(mdns) + " 9 typ host", "candidate:1 1 udp 1 " + mdns + " 9 typ host", address.MDNS},
		"tcp mdns":           {"candidate:1 1 TCP 1 " + mdns + " 9 typ host tcptype active", "candidate:1 1 tcp 1 " + mdns + " 9 typ host tcptype active", address.MDNS},
		"firefox raw":        {"candidate:0 1 UDP 2122252543 192.168.1.10 49203 typ host", "candidate:0 1 udp 2122252543 192.168.1.10 49203 typ host", address.Private},
		"srflx, empty raddr": {"candidate:1 1 udp 1 192.0.2.10 5 typ srflx raddr 0.0.0.0 rport 0 generation 0", "candidate:1 1 udp 1 192.0.2.10 5 typ srflx raddr 0.0.0.0 rport 0", address.Global},
		"srflx, raw raddr":   {"candidate:1 1 udp 1 192.0.2.10 5 typ srflx raddr 10.8.0.2 rport 99", "candidate:1 1 udp 1 192.0.2.10 5 typ srflx raddr 10.8.0.2 rport 99", address.Global},
		"srflx over tcp":     {"candidate:1 1 tcp 1 192.0.2.10 9 typ srflx raddr 10.8.0.2 rport 9 tcptype active", "candidate:1 1 tcp 1 192.0.2.10 9 typ srflx raddr 10.8.0.2 rport 9 tcptype active", address.Global},
		"host with raddr":    {"candidate:1 1 udp 1 192.168.1.10 5 typ host raddr 10.0.0.1 rport 6", "candidate:1 1 udp 1 192.168.1.10 5 typ host raddr 10.0.0.1 rport 6", address.Private},
		"a= and CR":          {"a=candidate:1 1 udp 1 192.0.2.10 5 typ srflx\r\n", "candidate:1 1 udp 1 192.0.2.10 5 typ srflx", address.Global},
		"bare":               {"1 1 udp 1 192.0.2.10 5 typ srflx", "candidate:1 1 udp 1 192.0.2.10 5 typ srflx", address.Global},
		"double spaces":      {"candidate:1  1 udp  1 192.0.2.10   5 typ srflx ", "candidate:1 1 udp 1 192.0.2.10 5 typ srflx", address.Global},
		"no foundation":      {"candidate: 1 udp 1 192.0.2.10 5 typ srflx", "candidate:0 1 udp 1 192.0.2.10 5 typ srflx", address.Global},
		"zone":               {"candidate:1 1 udp 1 fe80::1%eth0 5 typ host", "candidate:1 1 udp 1 fe80::1 5 typ host", address.LinkLocal},
		"v4-mapped":          {"candidate:1 1 udp 1 ::ffff:192.168.1.10 5 typ host", "candidate:1 1 udp 1 192.168.1.10 5 typ host", address.Private},
		"relay":              {"candidate:1 1 udp 1 203.0.113.53 5 typ relay raddr 198.51.100.10 rport 7", "candidate:1 1 udp 1 203.0.113.53 5 typ relay raddr 198.51.100.10 rport 7", address.Global},
		"prflx":              {"candidate:1 1 udp 1 203.0.113.53 5 typ prflx", "candidate:1 1 udp 1 203.0.113.53 5 typ prflx", address.Global},
	} {
		got, err := Parse(c.line)
		if err != nil || got.String() != c.want || got.Class() != c.class || got.Raw != c.line {
			t.Errorf("%s: %q %s %v, want %q %s", name, got.String(), got.Class(), err, c.want, c.class)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for line, want := range map[string]error{
		"": ErrEnd, "candidate:": ErrEnd, "a=candidate:": ErrEnd, "\r\n": ErrEnd,
		"end-of-candidates": ErrEnd, "a=end-of-candidates": ErrEnd,
		"candidate:1 1 udp 1 secret.example 5 typ host": ErrSyntax,
		"candidate:1 1 udp 1 secret.invalid 5 typ host": ErrSyntax,
		"candidate:1 1 udp 1 192.0.2.10 99999 typ host": ErrSyntax,
		"candidate:1 1 udp 1 192.0.2.10 5 typ wormhole": ErrSyntax,
		"candidate:1 1 sctp 1 192.0.2.10 5 typ host":    ErrSyntax,
		"candidate:1 1 udp 1 192.0.2.10 5":              ErrSyntax,
		"candidate:1 x udp 1 192.0.2.10 5 typ host":     ErrSyntax,
		"192.0.2.10": ErrSyntax,
		"candidate:1 1 udp 1 192.0.2.10 5 typ srflx raddr ": ErrSyntax,
		strings.Repeat("192.0.2.10 ", 1000):                 ErrTooLong,
	} {
		_, err := Parse(line)
		if !errors.Is(err, want) {
			t.Errorf("Parse(%.60q) = %v, want %v", line, err, want)
		}
		if strings.Contains(err.Error(), "192.0.2") || strings.Contains(err.Error(), "secret") {
			t.Errorf("the error quotes the line: %v", err)
		}
	}
}
