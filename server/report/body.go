package report

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxBodies are in memory at once, of 64 kB each: 16 MB. A node has 18 under way at most
// (package outbox), and a body comes only after the name of a key that is known here.
const maxBodies = 256

var (
	errMethod = &Error{http.StatusMethodNotAllowed, "method-not-allowed", "allowed is POST"}
	errLarge  = &Error{http.StatusRequestEntityTooLarge, "body", fmt.Sprintf("a batch is at most %d octets", MaxBody)}
	errBodies = &Error{http.StatusServiceUnavailable, "too-many-reports", "too many reports come at once"}
)

// take reads the header first: nobody gets memory for a body who does not name a key.
func (h *Handler) take(r *http.Request) (isNew bool, n int, err error) {
	if r.Method != http.MethodPost {
		return false, 0, errMethod
	}
	if r.ContentLength > MaxBody {
		return false, 0, errLarge
	}
	var head [headerSize]byte
	if _, err := io.ReadFull(r.Body, head[:]); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, 0, errFormat
	} else if err != nil {
		return false, 0, err //nolint:wrapcheck // its text may hold addresses: it is told to nobody
	}
	open := Parse
	if h.keys != nil {
		keys := h.keys()
		if _, err := keys.named(head[:]); err != nil {
			return false, 0, err
		}
		open = keys.Open
	}
	select {
	case h.bodies <- struct{}{}:
		defer func() { <-h.bodies }()
	default:
		return false, 0, errBodies
	}
	body, err := whole(r, head)
	defer clear(body) // it holds addresses of users
	if err != nil {
		return false, 0, err
	}
	batch, err := open(body)
	if err != nil {
		return false, 0, err
	}
	isNew, err = h.accept(r.Context(), batch)
	return isNew, batch.Len(), err
}

// whole reads what comes after the header, into memory that leaves no copies behind as it
// grows.
func whole(r *http.Request, head [headerSize]byte) ([]byte, error) {
	size := int64(MaxBody + 1) // of a length that is not told
	if r.ContentLength >= 0 {
		size = max(r.ContentLength, headerSize)
	}
	body := make([]byte, size)
	n, err := io.ReadFull(r.Body, body[copy(body, head[:]):])
	switch body = body[:headerSize+n]; {
	case len(body) > MaxBody:
		return body, errLarge
	case err == nil, r.ContentLength < 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return body, nil
	}
	return body, err //nolint:wrapcheck // as above
}
