package world

import (
	"watertight/lab/scenario"
)

// Baseline is what the extension would have stored, had the user recorded the
// connection with the VPN off.
func Baseline(s *scenario.Scenario) map[string]any {
	b := s.Baseline
	return map[string]any{"networks": []any{map[string]any{
		"name": b.Name, "exits": networks(s, b.Exits), "resolvers": networks(s, b.Resolvers),
	}}}
}

func networks(s *scenario.Scenario, operators []string) []any {
	out := []any{}
	for _, name := range operators {
		o := s.Operators[name]
		for _, prefix := range o.Prefixes {
			out = append(out, map[string]any{"prefix": prefix.String(), "asn": o.ASN, "org": o.Org})
		}
	}
	return out
}

// StoreBaseline is the driver's command for that.
func StoreBaseline(s *scenario.Scenario) map[string]any {
	return map[string]any{"do": "storage", "set": map[string]any{"baseline": Baseline(s)}}
}
