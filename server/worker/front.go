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
	"syscall/js"

	"watertight/server/asn"
)

var errGone = errors.New("the reader of this stream is gone")

// front takes requests from the shell. The library has a way of its own, but that makes
// some hundred calls between Go and JavaScript for each, and a response's end is there
// the program's end. Here a request is one text, and so is an answer.
type front struct {
	shell shell
	next  http.Handler
	open  map[int]context.CancelFunc // streams; one thread, so no lock
}

// Fields of a request's text, one a line (shell/request.js).
const (
	fMethod = iota
	fURL
	fHost
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

// bind gives the shell its two functions: ask(id, text, body) and gone(id).
func (f *front) bind() {
	binding := f.shell.Get("binding")
	binding.Set("ask", js.FuncOf(func(_ js.Value, args []js.Value) any {
		id, text, body := args[0].Int(), args[1].String(), bytesOf(args[2])
		go f.serve(id, text, body)
		return nil
	}))
	binding.Set("gone", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if cancel := f.open[args[0].Int()]; cancel != nil {
			cancel()
		}
		return nil
	}))
}

func (f *front) serve(id int, text string, body []byte) {
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	w := &writer{front: f, id: id, cancel: cancel, head: http.Header{}}
	r, err := request(ctx, text, body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest) // a path that the engine takes and Go does not
	} else {
		f.next.ServeHTTP(w, r)
	}
	w.finish()
}

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

func request(ctx context.Context, text string, body []byte) (*http.Request, error) {
	f := strings.SplitN(text, "\n", fields)
	if len(f) != fields {
		return nil, errors.New("the shell is of another version")
	}
	u, err := url.Parse(f[fURL])
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

// writer holds everything until the handler ends, or flushes.
type writer struct {
	front  *front
	id     int
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
		w.front.shell.Call("open", w.id, w.status, w.headers())
	}
	ok := w.front.shell.Call("push", w.id, string(w.body)).Bool()
	w.body = w.body[:0]
	if !ok {
		return errGone
	}
	return nil
}

func (w *writer) headers() string {
	var b strings.Builder
	for name, values := range w.head {
		for _, v := range values {
			b.WriteString(name + "\n" + v + "\n")
		}
	}
	return b.String()
}

func (w *writer) finish() {
	w.WriteHeader(http.StatusOK)
	if !w.stream {
		w.front.shell.Call("answer", w.id, w.status, w.headers(), string(w.body))
		return
	}
	if len(w.body) > 0 {
		_ = w.FlushError() // the last words; who is gone is gone
	}
	delete(w.front.open, w.id)
	w.front.shell.Call("close", w.id)
}
