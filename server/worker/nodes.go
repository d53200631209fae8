//go:build js && wasm

package main

import (
	"context"
	"errors"
	"net/http"
	"syscall/js"
)

// innerHeader is written by the shell on what another object passes on, and let in from
// nowhere else.
const innerHeader = "Watertight-Inner"

// nodes takes a batch from a node, or this object's part of one from the object that the
// node's batch came to.
type nodes struct{ outer, inner http.Handler }

func (n nodes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get(innerHeader) != "" {
		n.inner.ServeHTTP(w, r)
		return
	}
	n.outer.ServeHTTP(w, r)
}

var errDelivery = errors.New("an object could not be reached")

// deliver gives a part of a batch to another object.
func (s shell) deliver(ctx context.Context, object string, part []byte) (int, []byte, error) {
	array := js.Global().Get("Uint8Array").New(len(part))
	js.CopyBytesToJS(array, part)
	v, ok := s.await(ctx, "deliver", object, array)
	if !ok {
		return 0, nil, errDelivery
	}
	return v.Get("status").Int(), []byte(v.Get("body").String()), nil
}
