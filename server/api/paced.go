package api

import (
	"net/http"
	"net/netip"
	"time"

	"watertight/server/limit"
)

// burst is so many seconds of the rate at once: checks come in crowds.
const burst = 2

// Paced refuses the requests of a prefix that asks more often than any crowd of
// users does.
func Paced(perSecond uint, h http.Handler) http.Handler {
	p := limit.NewPrefixes(limit.Rate{PerSecond: float64(perSecond), Burst: burst * float64(perSecond)}, limit.Since(time.Now()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		if err == nil && !p.Allow(from.Addr().WithZone("")) {
			head := w.Header()
			head.Set("Access-Control-Allow-Origin", "*")
			head.Set("Connection", "close")
			head.Set("Retry-After", "1")
			fail(w, http.StatusTooManyRequests, "too-many-requests", "too many requests came from this network")
			return
		}
		h.ServeHTTP(w, r)
	})
}
