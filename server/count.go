package main

import (
	"net/http"
	"net/netip"
	"strings"
	"time"

	"watertight/server/metrics"
	"watertight/server/sightings"
	"watertight/server/tcp"
	"watertight/server/udp"
)

// counts are what the operator may know: how many, and never who. Every label is
// one of the words below.
type counts struct {
	all    *metrics.Registry
	dns    map[sightings.Transport]*dnsCounts
	stun   *pairCounts
	turn   map[sightings.Transport]*pairCounts
	slips  *metrics.Counter
	silent *metrics.Counter
	ended  *metrics.Counter
	panics *metrics.Counter
	http   map[string]map[string]*metrics.Counter // route, class of status
	spoken map[string]*metrics.Counter            // version of HTTP
	// stirs are what may leave an address in memory, though no message was ever finished. The
	// operator is not told how many.
	stirs metrics.Counter
}

// pairCounts: who was limited or sent rubbish asked and got nothing.
type pairCounts struct{ asked, answered *metrics.Counter }

type dnsCounts struct {
	asked  *metrics.Counter
	rcodes [16]*metrics.Counter
}

// rcodes that we give (RFC 6895 §2.3); others would be a mistake.
var rcodes = map[int]string{0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}

func newCounts() *counts {
	r := metrics.New()
	c := &counts{all: r, dns: make(map[sightings.Transport]*dnsCounts), turn: make(map[sightings.Transport]*pairCounts), http: make(map[string]map[string]*metrics.Counter), spoken: make(map[string]*metrics.Counter)}
	for _, over := range []sightings.Transport{sightings.UDP, sightings.TCP} {
		d := &dnsCounts{asked: r.Counter("watertight_dns_queries_total", "DNS messages that came.", "transport", over.String())}
		other := r.Counter("watertight_dns_answers_total", "DNS answers by their code.", "transport", over.String(), "rcode", "other")
		for i := range d.rcodes {
			d.rcodes[i] = other
			if name := rcodes[i]; name != "" {
				d.rcodes[i] = r.Counter("watertight_dns_answers_total", "DNS answers by their code.", "transport", over.String(), "rcode", name)
			}
		}
		c.dns[over] = d
		c.turn[over] = newPair(r, "turn", "TURN", "transport", over.String())
	}
	c.stun = newPair(r, "stun", "STUN")
	c.slips = r.Counter("watertight_dns_limited_total", "DNS answers that were only a hint to come over TCP, because the prefix was over its rate.")
	c.silent = r.Counter("watertight_stun_limited_total", "STUN and TURN packets that got no answer, because the prefix was over its rate.")
	c.ended = r.Counter("watertight_tcp_limited_total", "Connections of DNS and TURN that were closed, because the prefix was over its rate.")
	c.panics = r.Counter("watertight_panics_total", "Packets that were dropped because of a mistake in the server.")
	for _, name := range versions {
		c.spoken[name] = r.Counter("watertight_http_versions_total", "Requests of the API that have begun, by version of HTTP.", "version", name)
	}
	for _, route := range append([]string{otherRoute}, routes...) {
		c.http[route] = make(map[string]*metrics.Counter)
		for _, class := range classes {
			c.http[route][class] = r.Counter("watertight_http_requests_total", "Requests of the API that are finished.", "route", route, "code", class)
		}
	}
	return c
}

func newPair(r *metrics.Registry, name, title string, labels ...string) *pairCounts {
	return &pairCounts{
		r.Counter("watertight_"+name+"_requests_total", title+" messages that came.", labels...),
		r.Counter("watertight_"+name+"_answers_total", title+" messages that were answered.", labels...),
	}
}

func (d *dnsCounts) count(reply []byte) {
	d.asked.Add()
	if len(reply) > 3 {
		d.rcodes[reply[3]&0xf].Add()
	}
}

func (d *dnsCounts) packets(h udp.Handler) udp.Handler {
	return func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		out := h(dst, packet, from, now)
		d.count(out[min(len(dst), len(out)):])
		return out
	}
}

// messages of a stream stand behind their length (RFC 1035 §4.2.2).
func (d *dnsCounts) messages(p tcp.Protocol) tcp.Protocol {
	answer := p.Answer
	p.Answer = func(dst, message []byte, from netip.AddrPort) []byte {
		out := answer(dst, message, from)
		d.count(out[min(len(dst)+2, len(out)):])
		return out
	}
	return p
}

func (p *pairCounts) packets(h udp.Handler) udp.Handler {
	return func(dst, packet []byte, from netip.AddrPort, now time.Time) []byte {
		out := h(dst, packet, from, now)
		p.count(dst, out)
		return out
	}
}

func (p *pairCounts) count(dst, out []byte) {
	p.asked.Add()
	if len(out) > len(dst) {
		p.answered.Add()
	}
}

func (p *pairCounts) messages(q tcp.Protocol) tcp.Protocol {
	answer := q.Answer
	q.Answer = func(dst, message []byte, from netip.AddrPort) []byte {
		out := answer(dst, message, from)
		p.count(dst, out)
		return out
	}
	return q
}

// messages of all kinds so far, and connections that may not have brought one.
func (c *counts) messages() (n uint64) {
	n = c.stirs.Count()
	for _, d := range c.dns {
		n += d.asked.Count()
	}
	n += c.stun.asked.Count()
	for _, p := range c.turn {
		n += p.asked.Count()
	}
	for _, route := range c.http {
		for _, one := range route {
			n += one.Count()
		}
	}
	return n
}

const otherRoute = "other"

var (
	// versions by their names in ALPN (RFC 7301 §6).
	versions = []string{"http/1.0", "http/1.1", "h2"}
	routes   = []string{"about", "exit", "networks", "frame", "sightings", "report"}
	classes  = []string{"2xx", "4xx", "5xx"}
)

// web counts requests when they begin, and again when they end.
func (c *counts) web(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := c.spoken[versionOf(r)]; n != nil {
			n.Add()
		}
		s := &status{ResponseWriter: w, code: http.StatusOK}
		h.ServeHTTP(s, r)
		class := "2xx"
		switch {
		case s.code >= http.StatusInternalServerError:
			class = "5xx"
		case s.code >= http.StatusBadRequest:
			class = "4xx"
		}
		c.http[routeOf(r.URL.Path)][class].Add()
	})
}

func versionOf(r *http.Request) string {
	if r.ProtoMajor == 2 {
		return "h2"
	}
	return strings.ToLower(r.Proto)
}

func routeOf(path string) string {
	for _, r := range routes {
		if rest, ok := strings.CutPrefix(path, "/v1/"+r); ok && (rest == "" || rest[0] == '/') {
			return r
		}
	}
	return otherRoute
}

// status remembers what was said. Streams flush through it (http.ResponseController).
type status struct {
	http.ResponseWriter
	code int
}

func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }
