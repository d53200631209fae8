package api

import (
	"net/http"
	"net/netip"

	"watertight/server/asn"
)

// maxAddresses of one request: a check has two exits, a few resolvers and a few
// candidates.
const maxAddresses = 16

type companion struct {
	Families []int `json:"families"`
}

// published are the addresses of this host in its zone: a client that knows them
// may reach STUN without another look-up.
type published struct {
	Addresses []netip.Addr `json:"addresses"`
	Hint      string       `json:"hint,omitempty"`
}

func (h *Handler) exit(w http.ResponseWriter, r *http.Request) {
	a := peer(r)
	if !a.IsValid() {
		fail(w, http.StatusInternalServerError, "no-address", "the address of this connection is not known")
		return
	}
	reply(w, http.StatusOK, struct {
		Address   string       `json:"address"`
		Family    int          `json:"family"`
		Network   *asn.Network `json:"network"`
		Companion companion    `json:"companion"`
		Server    published    `json:"server"`
	}{a.String(), family(a), h.networkOf(r, a), companion{h.Families}, published{append([]netip.Addr{}, h.Addresses...), h.hint(r)}})
}

// networkOf the address that a request came from.
func (h *Handler) networkOf(r *http.Request, a netip.Addr) *asn.Network {
	if h.Edge != nil {
		if n, ok := h.Edge.Network(r, a); ok {
			return &n
		}
	}
	return h.network(a)
}

// networks answers under the very strings that were asked.
func (h *Handler) networks(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()["address"]
	switch {
	case len(asked) == 0:
		fail(w, http.StatusBadRequest, "no-address", "want ?address=…, up to 16 times")
		return
	case len(asked) > maxAddresses:
		fail(w, http.StatusBadRequest, "too-many", "want at most 16 addresses")
		return
	}
	found := make(map[string]*asn.Network, len(asked))
	for _, s := range asked {
		a, err := netip.ParseAddr(s)
		if err != nil {
			fail(w, http.StatusBadRequest, "bad-address", "want IPv4 or IPv6 addresses")
			return
		}
		found[s] = h.network(a)
	}
	reply(w, http.StatusOK, map[string]any{"networks": found})
}

// hint is what a token of whoever asks should begin with, or "".
func (h *Handler) hint(r *http.Request) string {
	if h.Edge == nil {
		return ""
	}
	return h.Edge.Hint(r)
}

func (h *Handler) about(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, struct {
		Name     string `json:"name"`
		Version  string `json:"version"`
		Zone     string `json:"zone"`
		Families []int  `json:"families"`
		STUNPort int    `json:"stun_port"`
		TURNPort int    `json:"turn_port"`
		DataDate string `json:"data_date"`
		Hint     string `json:"hint,omitempty"`
	}{"watertight-server", h.Version, h.Zone, h.Families, h.STUNPort, h.TURNPort, h.Networks.Date(), h.hint(r)})
}

// frameKept for "test again"; later the path to the companion wants to be proved anew.
const frameKept = "private, max-age=300"

// framePage is what the extension's content script gathers in: a page of the
// web, because an extension's own pages do not obey the browser's WebRTC policy.
// The mark on its first element tells it from a page that came in its place:
// a proxy's error page is loaded under the same address.
const framePage = `<!doctype html>
<html lang="en" data-watertight="frame"><meta charset="utf-8"><meta name="robots" content="noindex"><title>Watertight</title>
<p>Watertight measures from this page what a web page can see.</p>
`

// frame may be framed by anybody: it holds nothing, and extensions have no
// origin that could be listed.
//
// Browsers in which it makes no difference how this page came ask for "?keep" and
// need not fetch it again for [frameKept]: an address look-up, a connection and a
// request less on the way to a verdict.
func (h *Handler) frame(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	if r.URL.RawQuery == "keep" {
		head.Set("Cache-Control", frameKept)
	}
	head.Set("Content-Type", "text/html; charset=utf-8")
	head.Set("Content-Security-Policy", "default-src 'none'; base-uri 'none'; form-action 'none'")
	head.Set("Referrer-Policy", "no-referrer")
	_ = writeString(w, framePage)
}
