//go:build js && wasm

// Command stock is the API on the Workers library's own entry, which boots a Go program
// for every request: what `./build.sh bench worker` compares with. It knows no networks,
// keeps nothing from one request to the next, and so could hold no sightings.
package main

import (
	"net/http"
	"net/netip"

	"github.com/syumai/workers"

	"watertight/server/api"
	"watertight/server/asn"
	"watertight/server/sightings"
)

func main() {
	h := api.New(api.Options{
		Zone: "watertight.test", Families: []int{4, 6}, Networks: asn.Empty(),
		Table: sightings.New(sightings.Options{Tokens: 1, Shards: 1}),
	})
	workers.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a, err := netip.ParseAddr(r.RemoteAddr); err == nil {
			r.RemoteAddr = netip.AddrPortFrom(a, 0).String()
		}
		h.ServeHTTP(w, r)
	}))
}
