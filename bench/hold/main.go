//go:build linux

// Command hold opens idle TCP connections to an address, from many prefixes, says
// "ready", and keeps them until it is killed. Arguments: address, how many.
package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"time"
)

// perPrefix is well below what the server allows one prefix.
const perPrefix = 50

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: hold ADDRESS COUNT")
		os.Exit(2)
	}
	count, err := strconv.Atoi(os.Args[2])
	if err == nil {
		err = open(os.Args[1], count)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "hold:", err)
		os.Exit(1)
	}
	fmt.Println("ready")
	time.Sleep(time.Hour) // far longer than any bench; an empty select would count as a deadlock
}

// open connects from 198.18.0.0/15, which is set aside for benchmarks (RFC 2544).
func open(address string, count int) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read address: %w", err)
	}
	for i := range count {
		n := i / perPrefix
		from := netip.AddrFrom4([4]byte{198, 18, byte(n), byte(1 + i%perPrefix)})
		c, err := net.DialTCP("tcp4", net.TCPAddrFromAddrPort(netip.AddrPortFrom(from, 0)), net.TCPAddrFromAddrPort(to))
		if err != nil {
			return fmt.Errorf("connection %d: %w", i, err)
		}
		kept = append(kept, c)
	}
	return nil
}

// kept, or the garbage collector would close them.
var kept []net.Conn
