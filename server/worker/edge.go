//go:build js && wasm

package main

import (
	"net/http"
	"net/netip"

	"watertight/server/asn"
)

// smallest blocks that are routed on the Internet: whoever announces an address
// announces as much around it.
const routed4, routed6 = 24, 48

// edge is Cloudflare, which took the connection and knows its AS by today's routes.
type edge struct{ own *asn.Table }

// Network leaves the word to the operator's file, which was written to say something else.
func (e edge) Network(r *http.Request, a netip.Addr) (asn.Network, bool) {
	n := callerOf(r).network
	if n.ASN == 0 {
		return n, false
	}
	if _, named := e.own.Lookup(a); named {
		return asn.Network{}, false
	}
	bits := routed6
	if a.Is4() {
		bits = routed4
	}
	var err error
	n.Prefix, err = a.Prefix(bits)
	return n, err == nil
}

func (e edge) Hint(r *http.Request) string { return callerOf(r).hint }
