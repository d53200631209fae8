//go:build js && wasm

package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"syscall/js"
)

// nodes takes a batch from a node, or this object's part of one from the object that the
// node's batch came to.
type nodes struct{ outer, inner http.Handler }

func (n nodes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if callerOf(r).inner { // the shell alone can say so
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
	head, body, _ := strings.Cut(v.String(), "\n\n")
	line, _, _ := strings.Cut(head, "\n")
	status, err := strconv.Atoi(line)
	if err != nil {
		return 0, nil, errDelivery
	}
	return status, []byte(body), nil
}
