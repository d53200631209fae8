package companion

import (
	"fmt"
	"net/netip"
	"regexp"
	"strconv"

	"watertight/lab/web"
)

// metrics is where the companion counts for its operator.
var metrics = netip.MustParseAddrPort("127.0.0.1:9153")

// counted is one line of the metrics.
var counted = regexp.MustCompile(`(?m)^watertight_http_versions_total\{version="([^"]+)"\} (\d+)$`)

// Versions is how many requests have come in each version of HTTP, of a companion that
// speaks HTTPS: only that is asked for them.
func (c *Companion) Versions() (map[string]int, error) {
	page, err := web.Server{At: metrics}.Get(Machine, "/metrics")
	if err != nil {
		return nil, fmt.Errorf("count requests: %w", err)
	}
	return versions(page), nil
}

func versions(page []byte) map[string]int {
	out := map[string]int{}
	for _, m := range counted.FindAllSubmatch(page, -1) {
		if n, err := strconv.Atoi(string(m[2])); err == nil && n > 0 {
			out[string(m[1])] = n
		}
	}
	return out
}
