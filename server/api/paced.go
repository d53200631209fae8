package api

import (
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"watertight/server/limit"
)

const (
	// burst is so many seconds of the rate at once: checks come in crowds.
	burst = 2
	// forgetEvery: a Worker has nobody who calls Forget, so a request does from time to
	// time. It takes less than a millisecond.
	forgetEvery = 30 * time.Second
)

// Pacer is a handler with a limit.
type Pacer struct {
	next     http.Handler
	clock    limit.Clock
	prefixes *limit.Prefixes
	forgot   atomic.Int64 // when it last did, by the clock
}

// Paced refuses the requests of a prefix that asks more often than any crowd of
// users does.
func Paced(perSecond uint, h http.Handler) *Pacer {
	return paced(perSecond, h, limit.Since(time.Now()))
}

func paced(perSecond uint, h http.Handler, c limit.Clock) *Pacer {
	rate := limit.Rate{PerSecond: float64(perSecond), Burst: burst * float64(perSecond)}
	return &Pacer{next: h, clock: c, prefixes: limit.NewPrefixes(rate, c)}
}

// Forget wipes the networks that have not asked for some seconds.
func (p *Pacer) Forget() {
	p.forgot.Store(int64(p.clock()))
	p.prefixes.Forget()
}

func (p *Pacer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if last := p.forgot.Load(); p.clock()-time.Duration(last) >= forgetEvery && p.forgot.CompareAndSwap(last, int64(p.clock())) {
		p.prefixes.Forget()
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err == nil && !p.prefixes.Allow(from.Addr().WithZone("")) {
		head := w.Header()
		head.Set("Access-Control-Allow-Origin", "*")
		head.Set("Connection", "close")
		head.Set("Retry-After", "1")
		fail(w, http.StatusTooManyRequests, "too-many-requests", "too many requests came from this network")
		return
	}
	p.next.ServeHTTP(w, r)
}
