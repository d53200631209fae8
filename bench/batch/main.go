//go:build linux

// Command batch answers STUN in three ways of reading packets, to compare them:
// raw (package udp: recvmmsg and sendmmsg), xnet (golang.org/x/net's ReadBatch and
// WriteBatch), single (one packet at a time). Arguments: way, address.
package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/net/ipv4"

	"watertight/server/stund"
	"watertight/server/udp"
)

// The sizes of package udp.
const batchSize, maxPacket, outSize = 32, 4096, 1280

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: batch raw|xnet|single ADDRESS")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "batch:", err)
		os.Exit(1)
	}
}

func answer(dst, packet []byte, from netip.AddrPort, _ time.Time) []byte {
	return stund.Answer(dst, packet, from)
}

func run(way, address string) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("read address: %w", err)
	}
	if way == "raw" {
		if _, err := udp.Listen(at, answer, func(string) {}); err != nil {
			return err //nolint:wrapcheck // says what failed
		}
		select {} // until it is killed
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(at))
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if way == "xnet" {
		return batches(ipv4.NewPacketConn(conn))
	}
	in, out := make([]byte, maxPacket), make([]byte, 0, outSize)
	for {
		n, from, err := conn.ReadFromUDPAddrPort(in)
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		if reply := stund.Answer(out, in[:n], from); len(reply) > 0 {
			_, _ = conn.WriteToUDPAddrPort(reply, from) // that peer's affair
		}
	}
}

// batches is the straightforward loop over x/net's calls.
func batches(conn *ipv4.PacketConn) error {
	in, out := make([]ipv4.Message, batchSize), make([]ipv4.Message, 0, batchSize)
	replies := make([]byte, batchSize*outSize)
	for i := range in {
		in[i].Buffers = [][]byte{make([]byte, maxPacket)}
	}
	answers := make([][1][]byte, batchSize)
	for {
		n, err := conn.ReadBatch(in, 0)
		if err != nil {
			return fmt.Errorf("read: %w", err)
		}
		out = out[:0]
		for i, m := range in[:n] {
			from := m.Addr.(*net.UDPAddr)
			reply := stund.Answer(replies[i*outSize:][:0:outSize], m.Buffers[0][:m.N], from.AddrPort())
			if len(reply) > 0 {
				answers[i][0] = reply
				out = append(out, ipv4.Message{Buffers: answers[i][:], Addr: from})
			}
		}
		for rest := out; len(rest) > 0; {
			sent, err := conn.WriteBatch(rest, 0)
			if err != nil {
				sent = 1 // that peer's affair
			}
			rest = rest[sent:]
		}
	}
}
