//go:build js && wasm

package main

import (
	"net/http"
	"net/netip"

	"github.com/syumai/workers/cloudflare/fetch"

	"watertight/server/api"
	"watertight/server/asn"
)

// hintHeader is written by the shell, which lets no header of that name in.
const hintHeader = "Watertight-Hint"

// smallest blocks that are routed on the Internet: whoever announces an address
// announces as much around it.
const routed4, routed6 = 24, 48

// edge is Cloudflare, which took the connection and knows its AS by today's routes.
type edge struct {
	all api.Networks
	own *asn.Table
}

// Network leaves the word to the operator's file, which was written to say something
// else, and to our data where that names the same AS: it has the prefix as well.
func (e edge) Network(r *http.Request, a netip.Addr) (asn.Network, bool) {
	if _, named := e.own.Lookup(a); named {
		return asn.Network{}, false
	}
	p, err := fetch.NewIncomingProperties(r.Context())
	if err != nil || p.Asn <= 0 {
		return asn.Network{}, false
	}
	if n, ok := e.all.Lookup(a); ok && n.ASN == uint32(p.Asn) {
		return asn.Network{}, false
	}
	bits := routed6
	if a.Is4() {
		bits = routed4
	}
	prefix, err := a.Prefix(bits)
	if err != nil {
		return asn.Network{}, false
	}
	n := asn.Network{Prefix: prefix, ASN: uint32(p.Asn), Country: p.Country}
	if p.AsOrganization != undefined {
		n.Org = p.AsOrganization
	}
	return n, true
}

// undefined is what syscall/js makes of a text that is not there.
const undefined = "<undefined>"

func (e edge) Hint(r *http.Request) string { return r.Header.Get(hintHeader) }
