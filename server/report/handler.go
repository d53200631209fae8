package report

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Path is where an API takes batches.
const Path = "/v1/report"

// Handler serves POST Path.
type Handler struct {
	accept func(context.Context, Batch) (isNew bool, err error)
	keys   func() Keys
	bodies chan struct{} // as many as there may be
}

// NewHandler checks every batch's signature with the keys of the moment.
func NewHandler(r *Receiver, keys func() Keys) *Handler {
	return NewFront(keys, r.accept)
}

// NewFront checks signatures and gives the batches to somebody else: to the tables over
// which tokens are spread.
func NewFront(keys func() Keys, accept func(context.Context, Batch) (isNew bool, err error)) *Handler {
	return &Handler{accept, keys, make(chan struct{}, maxBodies)}
}

// NewInner takes batches without a signature: somebody in front, and nobody else may
// reach it, has checked that.
func NewInner(r *Receiver) *Handler { return NewFront(nil, r.accept) }

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
	switch refusal.Status {
	case http.StatusRequestEntityTooLarge, http.StatusUnauthorized, http.StatusServiceUnavailable:
		head.Set("Connection", "close") // rather than read the rest, or wait for more of a stranger
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
