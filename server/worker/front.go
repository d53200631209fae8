//go:build js && wasm

package main

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"syscall/js"
)

var errGone = errors.New("the reader of this stream is gone")

// front makes of syumai's requests and writers those that net/http would make. That
// library's own way from a writer to a body is a pipe whose closing ends the program,
// which is right where each request has a program of its own. So the body is given
// to it as a value of JavaScript: a text, or for a stream, one that the shell makes.
type front struct {
	shell shell
	next  http.Handler
}

func (f front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	r = r.WithContext(ctx)
	if a, err := netip.ParseAddr(r.RemoteAddr); err == nil {
		r.RemoteAddr = netip.AddrPortFrom(a, 0).String() // Cloudflare tells no port here
	}
	out := &writer{shell: f.shell, out: w.(target), gone: cancel}
	f.next.ServeHTTP(out, r)
	out.finish()
}

// target is what syumai's writer can do.
type target interface {
	http.ResponseWriter
	WriteRawJSBody(body js.Value)
	Ready() // to be made a Response of
}

// writer holds everything until the handler ends, or flushes.
type writer struct {
	shell  shell
	out    target
	gone   func()
	status int
	body   []byte
	stream js.Value // once flushed
	cancel js.Func
}

func (w *writer) Header() http.Header { return w.out.Header() }

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
	if w.stream.IsUndefined() {
		w.cancel = js.FuncOf(func(js.Value, []js.Value) any {
			w.gone()
			return nil
		})
		w.stream = w.shell.Call("stream", w.cancel)
		w.begin(w.stream.Get("readable"))
		w.out.Ready()
	}
	ok := w.stream.Call("push", string(w.body)).Bool()
	w.body = w.body[:0]
	if !ok {
		return errGone
	}
	return nil
}

func (w *writer) begin(body js.Value) {
	w.out.WriteHeader(w.status)
	w.out.WriteRawJSBody(body)
}

func (w *writer) finish() {
	w.WriteHeader(http.StatusOK)
	if w.stream.IsUndefined() {
		w.begin(js.ValueOf(string(w.body)))
		return
	}
	if len(w.body) > 0 {
		_ = w.FlushError() // the last words; who is gone is gone
	}
	w.stream.Call("close")
	w.cancel.Release()
}
