package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Path is where an API takes batches.
const Path = "/v1/report"

// Handler serves POST Path.
type Handler struct {
	accept func(context.Context, Batch) (isNew bool, err error)
	keys   func() Keys
}

// NewHandler checks every batch's signature with the keys of the moment.
func NewHandler(r *Receiver, keys func() Keys) *Handler {
	return NewFront(keys, r.accept)
}

// NewFront checks signatures and gives the batches to somebody else: to the tables over
// which tokens are spread.
func NewFront(keys func() Keys, accept func(context.Context, Batch) (isNew bool, err error)) *Handler {
	return &Handler{accept, keys}
}

// NewInner takes batches without a signature: somebody in front, and nobody else may
// reach it, has checked that.
func NewInner(r *Receiver) *Handler { return &Handler{r.accept, nil} }

func (r *Receiver) accept(_ context.Context, b Batch) (bool, error) { return r.Accept(b) }

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Cache-Control", "no-store")
	head.Set("Content-Type", "application/json")
	head.Set("X-Content-Type-Options", "nosniff")
	isNew, n, err := h.take(r)
	if err == nil {
		answer(w, http.StatusOK, struct {
			Accepted  int  `json:"accepted"`
			Duplicate bool `json:"duplicate"`
		}{n, !isNew})
		return
	}
	var refusal *Error
	if !errors.As(err, &refusal) {
		refusal = &Error{http.StatusBadRequest, "body", "the body could not be read"}
	}
	if refusal.Status == http.StatusMethodNotAllowed {
		head.Set("Allow", http.MethodPost)
	}
	if refusal.Status == http.StatusRequestEntityTooLarge {
		head.Set("Connection", "close") // rather than read the rest
	}
	type e struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	answer(w, refusal.Status, map[string]e{"error": {refusal.Code, refusal.Message}})
}

func answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil { // no field of ours can fail
		status = http.StatusInternalServerError
	}
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the node sends it again if it does not hear this
}

var (
	errMethod = &Error{http.StatusMethodNotAllowed, "method-not-allowed", "allowed is POST"}
	errLarge  = &Error{http.StatusRequestEntityTooLarge, "body", fmt.Sprintf("a batch is at most %d octets", MaxBody)}
)

func (h *Handler) take(r *http.Request) (isNew bool, n int, err error) {
	if r.Method != http.MethodPost {
		return false, 0, errMethod
	}
	if r.ContentLength > MaxBody {
		return false, 0, errLarge
	}
	var in bytes.Buffer
	in.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead) // so that it leaves no copies behind as it grows
	if _, err := in.ReadFrom(io.LimitReader(r.Body, MaxBody+1)); err != nil {
		return false, 0, err //nolint:wrapcheck // its text may hold addresses: it is told to nobody
	}
	body := in.Bytes()
	defer clear(body) // it holds addresses of users
	if len(body) > MaxBody {
		return false, 0, errLarge
	}
	open := Parse
	if h.keys != nil {
		open = h.keys().Open
	}
	batch, err := open(body)
	if err != nil {
		return false, 0, err
	}
	isNew, err = h.accept(r.Context(), batch)
	return isNew, batch.Len(), err
}
