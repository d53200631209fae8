package main

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
)

// listener is an address to listen on. An invalid host is the wildcard of both
// families; optional ones may be missing (a host without IPv6).
type listener struct {
	netip.AddrPort
	optional bool
}

type listeners []listener

func (l *listeners) String() string {
	parts := make([]string, len(*l))
	for i, a := range *l {
		parts[i] = a.text()
	}
	return strings.Join(parts, ",")
}

func (l listener) text() string {
	if !l.Addr().IsValid() {
		return fmt.Sprintf(":%d", l.Port())
	}
	return l.AddrPort.String()
}

// Set replaces the default; an empty value switches the service off.
func (l *listeners) Set(s string) error {
	*l = nil
	if s == "" {
		return nil
	}
	seen := make(map[listener]bool)
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		full := part
		if strings.HasPrefix(part, ":") {
			full = "0.0.0.0" + part
		}
		ap, err := netip.ParseAddrPort(full)
		if err != nil || ap.Addr().Is4In6() {
			return fmt.Errorf("%q: %w", part, errAddress)
		}
		if full != part {
			ap = netip.AddrPortFrom(netip.Addr{}, ap.Port())
		}
		one := listener{AddrPort: ap}
		if seen[one] && ap.Port() != 0 {
			return fmt.Errorf("%q: %w", part, errTwice)
		}
		seen[one] = true
		*l = append(*l, one)
	}
	return nil
}

func must(l listeners, optional ...bool) listeners {
	for i := range optional {
		l[i].optional = optional[i]
	}
	return l
}

// above is the same hosts, one port higher; any free port stays any.
func above(l listeners) listeners {
	l = slices.Clone(l)
	for i, one := range l {
		if p := one.Port(); p != 0 && p != math.MaxUint16 {
			l[i].AddrPort = netip.AddrPortFrom(one.Addr(), p+1)
		}
	}
	return l
}

func at(s string) listener { return listener{AddrPort: netip.MustParseAddrPort(s)} }
