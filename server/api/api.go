// Package api is the companion's HTTP interface as one http.Handler: it knows
// nothing of sockets, so that a Worker can run it as well. It answers anybody
// (CORS `*`): what it tells concerns the asker's own address, or is under a
// token that only the asker knows.
package api

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"watertight/server/asn"
	"watertight/server/limit"
	"watertight/server/panics"
	"watertight/server/sightings"
)

// Networks know whose an address is; *asn.Table does.
type Networks interface {
	Lookup(a netip.Addr) (asn.Network, bool)
	Date() string // of the data, or ""
}

// Edge is in front of this handler and took the user's connection: an operator of
// the network at which it came in, such as Cloudflare.
type Edge interface {
	// Network of the address that a request came from.
	Network(r *http.Request, a netip.Addr) (asn.Network, bool)
	// Hint is what a token from here should begin with, so that what is seen under it is
	// kept nearby; or "".
	Hint(r *http.Request) string
}

// Options of a Handler.
type Options struct {
	Zone      string
	Families  []int        // 4, 6
	Addresses []netip.Addr // published in the zone
	STUNPort  int          // 0 is none
	TURNPort  int
	Version   string
	Networks  Networks
	Table     *sightings.Table
	Streams   int // open at once; 0 is as many as a machine of its own holds
	// StreamLife is after what a stream ends; 0 is half a minute.
	StreamLife time.Duration
	// Edge, if there is one, took the connection, and may know whose address that came from.
	Edge Edge
	// Report takes what nodes elsewhere have seen (package report); nil is no such path.
	Report http.Handler
	// Done ends all streams when it is closed: the server is going down.
	Done <-chan struct{}
	// Broken, if it is there, is told where a request made the handler panic.
	Broken func(where string)
}

// Handler serves /v1.
type Handler struct {
	Options
	routes  map[string]http.HandlerFunc
	streams *limit.Places
	reports *limit.Places
	pace    pace
}

const (
	sightingsPath = "/v1/sightings/"
	reportPath    = "/v1/report"
)

// New makes the handler.
func New(o Options) *Handler {
	h := &Handler{
		Options: o, pace: pace{cmp.Or(o.StreamLife, streamLife), heartbeat, writeTime},
		streams: limit.NewPlaces(cmp.Or(o.Streams, maxStreams), maxStreamsPerPeer),
		reports: limit.NewPlaces(maxReports, maxReportsPerPeer),
	}
	h.routes = map[string]http.HandlerFunc{
		"/v1/about":    h.about,
		"/v1/exit":     h.exit,
		"/v1/networks": h.networks,
		"/v1/frame":    h.frame,
	}
	return h
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if v := recover(); v != nil {
			if v == http.ErrAbortHandler { //nolint:errorlint // it is passed as is
				panic(v)
			}
			if h.Broken != nil {
				h.Broken(panics.Place())
			}
			// net/http would print the peer's address. A second header does nothing.
			fail(w, http.StatusInternalServerError, "internal", "the server made a mistake")
		}
	}()
	if r.URL.Path == reportPath && h.Report != nil {
		h.report(w, r) // for nodes, not for browsers: none of what follows is theirs
		return
	}
	head := w.Header()
	head.Set("Access-Control-Allow-Origin", "*")
	head.Set("Cache-Control", "no-store")
	// A browser keeps connections open across a change of its network. The exit
	// of such a connection is an exit of the past: a VPN that has just come up
	// would look as if it were off. Each request shall come the way of today.
	head.Set("Connection", "close")
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	route := h.route(r.URL.Path)
	switch {
	case h.signed(r.Host):
		preflight(w)
	case route == nil:
		fail(w, http.StatusNotFound, "not-found", "there is nothing at this path")
	case r.Method == http.MethodOptions:
		preflight(w)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		head.Set("Allow", methods)
		fail(w, http.StatusMethodNotAllowed, "method-not-allowed", "allowed are "+methods)
	case r.ContentLength != 0:
		head.Set("Connection", "close") // rather than read what nobody wants
		fail(w, http.StatusRequestEntityTooLarge, "body", "a request must not have a body")
	default:
		route(w, r)
	}
}

// signed reports whether a request came under one of the two names that test
// DNSSEC: that it came at all is the answer, so there is nothing more to say.
func (h *Handler) signed(host string) bool {
	name, _, _ := strings.Cut(host, ":")
	label, ok := strings.CutSuffix(strings.ToLower(name), ".sig."+h.Zone)
	return ok && (label == "valid" || label == "broken")
}

func (h *Handler) route(path string) http.HandlerFunc {
	if token, ok := strings.CutPrefix(path, sightingsPath); ok {
		return func(w http.ResponseWriter, r *http.Request) { h.sightings(w, r, token) }
	}
	return h.routes[path]
}

const methods = "GET, HEAD, OPTIONS"

// preflight (Fetch standard §3.2): an extension that sends its own Accept header
// needs none, one that sets any other header does.
func preflight(w http.ResponseWriter) {
	head := w.Header()
	head.Set("Access-Control-Allow-Methods", methods)
	head.Set("Access-Control-Allow-Headers", "*")
	head.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

func reply(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"code":"internal","message":"the server made a mistake"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n'))
}

// fail tells a code for programs and a sentence for people; neither repeats what
// was sent.
func fail(w http.ResponseWriter, status int, code, message string) {
	type e struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	reply(w, status, map[string]e{"error": {code, message}})
}

// peer is the address that the connection came from. Headers such as
// X-Forwarded-For are ignored: anybody can write them.
func peer(r *http.Request) netip.Addr {
	p, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return p.Addr().Unmap().WithZone("")
}

func family(a netip.Addr) int {
	if a.Is4() {
		return 4
	}
	return 6
}

// network is null in JSON when unknown.
func (h *Handler) network(a netip.Addr) *asn.Network {
	if n, ok := h.Networks.Lookup(a); ok {
		return &n
	}
	return nil
}

func writeString(w io.Writer, s string) error {
	_, err := io.WriteString(w, s)
	return err //nolint:wrapcheck // the only caller ends the stream with it
}
