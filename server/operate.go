package main

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"

	"watertight/server/api"
)

// healthTime is for a question to ourselves.
const healthTime = 2 * time.Second

// newInside serves the operator's own listener. It is apart from the API, so that a
// firewall can tell them apart.
func (s *server) newInside() *http.Server {
	routes := http.NewServeMux()
	routes.Handle("GET /metrics", s.counts.all)
	routes.HandleFunc("GET /health", s.health)
	return newWeb(routes)
}

// gauges are what is asked for when somebody looks.
func (s *server) gauges(h *api.Handler) {
	r := s.counts.all
	r.Gauge("watertight_tokens", "Tokens that are remembered now.", func() float64 { return float64(s.table.Live()) })
	r.Gauge("watertight_streams", "Streams of the API that are open now.", func() float64 { return float64(h.Streams()) })
	r.Gauge("watertight_networks_timestamp_seconds", "Unix time of the day that the address data is of.", func() float64 {
		day, err := time.Parse(time.DateOnly, s.networks.Date())
		if err != nil {
			return 0
		}
		return float64(day.Unix())
	})
	if s.tls != nil {
		r.Gauge("watertight_certificate_expiry_timestamp_seconds", "Unix time at which the first certificate of the API ends; 0 while one is missing.", s.expiryGauge)
	}
}

// health is 200 when everything that a check needs works, and 503 otherwise: also
// while the server goes down, so that nobody sends new users here.
func (s *server) health(w http.ResponseWriter, r *http.Request) {
	var bad []string
	if s.ending.Load() {
		bad = append(bad, "the server is going down")
	}
	if s.tls != nil {
		if end, err := s.expiry(); err != nil {
			bad = append(bad, "there is "+err.Error())
		} else if time.Now().After(end) {
			bad = append(bad, "a certificate has ended, and no new one is there")
		}
	}
	if s.box != nil && s.box.Err() != nil {
		bad = append(bad, "the last report did not go through")
	}
	if err := s.askOurselves(r.Context()); err != nil {
		bad = append(bad, "DNS does not answer")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if len(bad) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = fmt.Fprintln(w, strings.Join(bad, "\n"))
		return
	}
	_, _ = fmt.Fprintln(w, "ok")
}

// askOurselves goes through the very socket that others use.
func (s *server) askOurselves(ctx context.Context) error {
	for _, at := range s.dns {
		q := new(dns.Msg)
		q.SetQuestion(dns.Fqdn(s.config.zone), dns.TypeSOA)
		c := &dns.Client{Timeout: healthTime}
		if _, _, err := c.ExchangeContext(ctx, q, reachable(at).String()); err != nil {
			return fmt.Errorf("ask ourselves: %w", err)
		}
	}
	return nil
}

// reachable turns "every address" into one.
func reachable(at netip.AddrPort) netip.AddrPort {
	switch {
	case !at.Addr().IsUnspecified():
		return at
	case at.Addr().Is4():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), at.Port())
	default:
		return netip.AddrPortFrom(netip.IPv6Loopback(), at.Port())
	}
}

// expiry is when the first of the certificates ends that the API shows; an error says
// which are missing.
func (s *server) expiry() (time.Time, error) {
	if s.orders != nil {
		return s.orders.Expiry() //nolint:wrapcheck // says what is missing
	}
	return s.files.get().Leaf.NotAfter, nil
}

func (s *server) expiryGauge() float64 {
	end, err := s.expiry()
	if err != nil {
		return 0
	}
	return max(0, float64(end.Unix()))
}
