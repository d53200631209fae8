//go:build js && wasm

package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"watertight/server/asn"
)

// Fields of a request's text, one a line (shell/request.js).
const (
	fMethod = iota
	fHost
	fTarget
	fAccept
	fAddress
	fLength
	fHint
	fInner
	fASN
	fOrg
	fCountry
	fields
)

// caller is what the edge said of who asks.
type caller struct {
	network asn.Network
	hint    string
	inner   bool
}

type callerKey struct{}

func callerOf(r *http.Request) caller {
	c, _ := r.Context().Value(callerKey{}).(caller)
	return c
}

var errVersion = errors.New("the shell is of another version")

func request(ctx context.Context, text string, body []byte) (*http.Request, error) {
	f := strings.SplitN(text, "\n", fields)
	if len(f) != fields {
		return nil, errVersion
	}
	u, err := url.ParseRequestURI(f[fTarget])
	if err != nil {
		return nil, err //nolint:wrapcheck // told to nobody
	}
	as, _ := strconv.ParseUint(f[fASN], 10, 32) // 0 is none
	ctx = context.WithValue(ctx, callerKey{}, caller{asn.Network{ASN: uint32(as), Org: f[fOrg], Country: f[fCountry]}, f[fHint], f[fInner] != ""})
	r := (&http.Request{Method: f[fMethod], URL: u, Host: f[fHost], Header: http.Header{}, RemoteAddr: f[fAddress]}).WithContext(ctx)
	if a, err := netip.ParseAddr(f[fAddress]); err == nil {
		r.RemoteAddr = netip.AddrPortFrom(a, 0).String() // Cloudflare tells no port here
	}
	if f[fAccept] != "" {
		r.Header.Set("Accept", f[fAccept])
	}
	r.ContentLength, _ = strconv.ParseInt(f[fLength], 10, 64) // -1 is not told, as in net/http
	r.Body = http.NoBody
	if body != nil {
		r.Body = reader{bytes.NewReader(body)}
	}
	return r, nil
}

type reader struct{ *bytes.Reader }

func (reader) Close() error { return nil }
