//go:build linux

// Command flows fills the kernel's table of connections (nf_conntrack), which has one
// size for the whole machine that a namespace cannot change: with UDP flows of loopback
// that both ends have taken part in, so that no new one can push them out. It runs in a
// network namespace of its own whose firewall tracks connections, and prints
// {"flows","full"}: full says that the kernel refuses new ones.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"watertight/server/udp"
)

const (
	port = 7007
	// assured is when a flow counts as one: two packets and two seconds after its start
	// (net/netfilter/nf_conntrack_proto_udp.c).
	assured = 2100 * time.Millisecond
	// group of packets that are sent before their answers are waited for: the echo's
	// socket buffer has room for more.
	group = 100
	// spare are more than the table has: those that lost a race are missing.
	spare = 1000
	// passes, at most: two on a free core; on a busy one, answers are late.
	passes = 6
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "flows:", err)
		os.Exit(1)
	}
}

func run() error {
	most, err := setting("nf_conntrack_max")
	if err != nil {
		return err
	}
	echo, err := udp.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), port), func(dst, packet []byte, _ netip.AddrPort, _ time.Time) []byte { return append(dst, packet...) }, func(string) {})
	if err != nil {
		return fmt.Errorf("start echo: %w", err)
	}
	conn, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return fmt.Errorf("open socket: %w", err)
	}
	full := false
	for n := 0; n < passes && !full; n++ {
		began := time.Now()
		if err := pass(conn, most+spare); err != nil {
			return err
		}
		time.Sleep(time.Until(began.Add(assured)))
		if full, err = refused(); err != nil {
			return err
		}
	}
	flows, err := setting("nf_conntrack_count")
	if err != nil {
		return err
	}
	if err := json.NewEncoder(os.Stdout).Encode(map[string]any{"flows": flows, "full": full}); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return echo.Close() //nolint:wrapcheck // the end of the program
}

// pass sends a packet in each flow: they differ in the address that they go to. The
// table being full is no error here.
func pass(conn *net.UDPConn, flows int) error {
	b := make([]byte, 8)
	for n := range flows {
		to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, byte(1 + n>>16), byte(n >> 8), byte(n)}), port)
		if _, err := conn.WriteToUDPAddrPort(b, to); err != nil && !errors.Is(err, syscall.EPERM) {
			return fmt.Errorf("start flow %d: %w", n, err)
		}
		if n%group > 0 {
			continue
		}
		for range group {
			_ = conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
			if _, _, err := conn.ReadFromUDPAddrPort(b); err != nil {
				break // all are here, or lost
			}
		}
	}
	return nil
}

// refused asks the kernel for new flows, each from a new socket. It looks at a few old ones
// that might go in their place, and rarely finds one: most are refused.
func refused() (bool, error) {
	const tries = 20
	refusals := 0
	for range tries {
		conn, err := net.Dial("udp4", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			return false, fmt.Errorf("open socket: %w", err)
		}
		_, err = conn.Write([]byte{0})
		_ = conn.Close()
		if errors.Is(err, syscall.EPERM) {
			refusals++
		}
	}
	return refusals > tries/2, nil
}

func setting(name string) (int, error) {
	raw, err := os.ReadFile("/proc/sys/net/netfilter/" + name)
	if err != nil {
		return 0, fmt.Errorf("read table's size: %w", err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return 0, fmt.Errorf("read table's size: %w", err)
	}
	return n, nil
}
