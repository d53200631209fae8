//go:build js && wasm

package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

var errGone = errors.New("the reader of this stream is gone")

// headSize is what the head of an answer takes, and a little more.
const headSize = 512

// writer holds everything until the handler ends, or flushes.
type writer struct {
	front  *front
	id     int32
	cancel context.CancelFunc
	head   http.Header
	status int
	body   []byte
	stream bool
}

func (w *writer) Header() http.Header { return w.head }

func (w *writer) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *writer) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	w.body = append(w.body, b...)
	return len(b), nil
}

// FlushError is what http.ResponseController calls.
func (w *writer) FlushError() error {
	w.WriteHeader(http.StatusOK)
	if !w.stream {
		w.stream = true
		w.front.open[w.id] = w.cancel
		hostOpen(w.id, string(w.appendHead(nil)))
	}
	ok := hostPush(w.id, string(w.body))
	w.body = w.body[:0]
	if !ok {
		return errGone
	}
	return nil
}

// appendHead writes the head of HTTP, with its lines in order: the shell knows again what it has read once.
func (w *writer) appendHead(b []byte) []byte {
	b = strconv.AppendInt(b, int64(w.status), 10)
	b = append(b, '\n')
	for _, name := range slices.Sorted(maps.Keys(w.head)) {
		for _, v := range w.head[name] {
			b = append(append(append(append(b, name...), ": "...), v...), '\n')
		}
	}
	return append(b, '\n')
}

func (w *writer) finish() {
	w.WriteHeader(http.StatusOK)
	if !w.stream {
		hostAnswer(w.id, string(append(w.appendHead(make([]byte, 0, headSize+len(w.body))), w.body...)))
		return
	}
	if len(w.body) > 0 {
		_ = w.FlushError() // the last words; who is gone is gone
	}
	delete(w.front.open, w.id)
	hostClose(w.id)
}
