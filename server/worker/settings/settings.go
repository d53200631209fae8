// Package settings reads what an operator has set for the Worker: its variables, which
// stand in wrangler.jsonc, and its secrets.
package settings

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"watertight/server/report"
)

const (
	// defaultRate is the binary's: requests a second of one /24 or /56.
	defaultRate = 1000
	// stunPort (RFC 8489 §14) and turnPort are those that a node listens on by itself.
	stunPort, turnPort = 3478, 3479
	// maxShards keeps a batch of a node from going to more objects than a request may
	// ask (50 on the free plan).
	maxShards = 32
)

// Errors, wrapped with the variable's name.
var (
	ErrZone     = errors.New("want a name such as leak.example.org")
	ErrFamilies = errors.New("want 4, 6, or 4,6")
	ErrAddress  = errors.New("want IPv4 or IPv6 addresses, separated by commas")
	ErrNumber   = errors.New("want a number")
)

// Settings of one Worker.
type Settings struct {
	Zone               string
	Families           []int
	Addresses          []netip.Addr // of the nodes, as the zone publishes them
	STUNPort, TURNPort int          // of the nodes; 0 is none
	Rate               uint
	Shards             int         // objects in each region
	Keys               report.Keys // of the nodes; none if there are no nodes
}

// Read asks for each variable by its name; what is not set is "".
func Read(get func(string) string) (Settings, error) {
	s := Settings{Zone: strings.ToLower(strings.TrimSuffix(get("ZONE"), "."))}
	if s.Zone == "" || strings.ContainsAny(s.Zone, " /:") {
		return s, fmt.Errorf("variable ZONE: %w", ErrZone)
	}
	var err error
	if s.Families, err = families(get("FAMILIES")); err != nil {
		return s, fmt.Errorf("variable FAMILIES: %w", err)
	}
	for text := range strings.SplitSeq(get("ADDRESSES"), ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return s, fmt.Errorf("variable ADDRESSES: %w", ErrAddress)
		}
		s.Addresses = append(s.Addresses, a.Unmap())
	}
	rate := 0
	for _, n := range []struct {
		name    string
		initial int
		most    int
		to      *int
	}{{"STUN_PORT", stunPort, 65535, &s.STUNPort}, {"TURN_PORT", turnPort, 65535, &s.TURNPort}, {"RATE", defaultRate, 1 << 30, &rate}, {"SHARD_COUNT", 0, maxShards, &s.Shards}} {
		if *n.to, err = number(get(n.name), n.initial, n.most); err != nil {
			return s, fmt.Errorf("variable %s: %w", n.name, err)
		}
	}
	s.Rate = uint(rate)
	if s.Shards == 0 {
		return s, fmt.Errorf("variable SHARD_COUNT: %w", ErrNumber)
	}
	if keys := get("REPORT_KEYS"); keys != "" {
		if s.Keys, err = report.ParseKeys(keys); err != nil {
			return s, fmt.Errorf("secret REPORT_KEYS: %w", err)
		}
	}
	return s, nil
}

func families(text string) ([]int, error) {
	switch strings.ReplaceAll(text, " ", "") {
	case "", "4,6":
		return []int{4, 6}, nil
	case "4":
		return []int{4}, nil
	case "6":
		return []int{6}, nil
	}
	return nil, ErrFamilies
}

func number(text string, initial, most int) (int, error) {
	if text == "" {
		return initial, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > most {
		return 0, ErrNumber
	}
	return n, nil
}
