package network

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"strings"

	"watertight/lab/netns"
	"watertight/lab/wire"
)

// Build makes the namespaces and links of a plan and runs its commands. The
// caller is alone in its mount, pid and network namespaces (package isolate),
// which is also what takes everything down again.
func Build(ctx context.Context, p *Plan) error {
	for _, m := range p.Machines {
		if err := Run(ctx, Command{Args: []string{"ip", "netns", "add", m.Name}}); err != nil {
			return err
		}
		if err := settle(m); err != nil {
			return err
		}
	}
	for _, m := range p.Machines {
		if m.At == "" {
			continue
		}
		if err := link(ctx, m); err != nil {
			return err
		}
	}
	return RunAll(ctx, p.Commands())
}

// settle sets what must be so before the first interface exists.
func settle(m Machine) error {
	values := [][2]string{
		{"net/ipv4/ip_forward", "1"},
		{"net/ipv4/conf/all/rp_filter", "0"}, // the lab is full of asymmetric routes, on purpose
		{"net/ipv4/conf/default/rp_filter", "0"},
		{"net/ipv6/conf/default/accept_dad", "0"},
		{"net/ipv6/conf/default/accept_ra", "0"},
		{"net/ipv6/conf/all/keep_addr_on_down", "1"},
		{"net/ipv6/conf/default/keep_addr_on_down", "1"},
	}
	if m.IPv6 {
		values = append(values, [2]string{"net/ipv6/conf/all/forwarding", "1"})
	} else {
		values = append(values, [2]string{"net/ipv6/conf/all/disable_ipv6", "1"}, [2]string{"net/ipv6/conf/default/disable_ipv6", "1"})
	}
	if m.Name == "client" { // a PC does not forward
		values = append(values, [2]string{"net/ipv4/ip_forward", "0"}, [2]string{"net/ipv6/conf/all/forwarding", "0"})
	}
	for _, v := range values {
		if err := netns.Sysctl(m.Name, v[0], v[1]); err != nil {
			return err
		}
	}
	return nil
}

func link(ctx context.Context, m Machine) error {
	if m.Delay > 0 || m.Loss > 0 {
		return wire.Lay(wire.End{Namespace: m.Name, Interface: m.Uplink}, wire.End{Namespace: m.At, Interface: m.Name}, m.Delay, m.Loss)
	}
	return Run(ctx, Command{Args: []string{"ip", "link", "add", "name", m.Uplink, "netns", m.Name,
		"type", "veth", "peer", "name", m.Name, "netns", m.At}})
}

// RunAll runs commands until one fails.
func RunAll(ctx context.Context, commands []Command) error {
	for _, c := range commands {
		if err := Run(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// Run runs one command; its error holds all that the tool said.
func Run(ctx context.Context, c Command) error {
	_, err := Output(ctx, c)
	return err
}

// Output runs one command and returns what it printed.
func Output(ctx context.Context, c Command) (string, error) {
	cmd := exec.CommandContext(ctx, c.Args[0], c.Args[1:]...)
	var out, errs bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(c.Input), &out, &errs
	var err error
	if c.Machine == "" {
		err = cmd.Start()
	} else {
		err = netns.Start(c.Machine, cmd, netns.View{})
	}
	if err == nil {
		err = cmd.Wait()
	}
	if err != nil {
		said := strings.TrimSpace(errs.String() + out.String())
		if c.Input != "" {
			said += "\n" + c.Input
		}
		return "", fmt.Errorf("run %s: %w: %s", c, err, said)
	}
	return out.String(), nil
}
