//go:build js && wasm

package main

import (
	"context"
	"net/http"
	"syscall/js"
)

// front takes requests from the shell. The library has a way of its own, but that makes
// some hundred calls between Go and JavaScript for each, and a response's end is there
// the program's end. Here a request is one text, and so is an answer, and both are
// copied from memory to memory: a value of syscall/js would cost a finalizer, and each
// name that it is asked by a decoding.
type front struct {
	shell   shell
	next    http.Handler
	open    map[int32]context.CancelFunc // streams; one thread, so no lock
	idle    chan asked                   // goroutines that wait for a request
	resting int                          // so many
}

// asked is a request that waits; body is nil where there is none.
type asked struct {
	id   int32
	text string
	body []byte
}

// idle goroutines at most: their stacks have grown already to what a request needs,
// which would cost every request as much as its JSON does.
const idle = 16

func newFront(s shell, next http.Handler) *front {
	return &front{shell: s, next: next, open: map[int32]context.CancelFunc{}, idle: make(chan asked)}
}

// What the shell has for this program (shell/instance.js). It keeps nothing that points here.

// hostTake copies the request that waits: its text, and after that its body.
//
//go:wasmimport shell take
func hostTake(to *byte)

// hostAnswer gives a whole answer.
//
//go:wasmimport shell answer
func hostAnswer(id int32, text string)

// hostOpen gives the head of an answer whose body comes piece by piece.
//
//go:wasmimport shell open
func hostOpen(id int32, head string)

// hostPush is false when the reader has gone.
//
//go:wasmimport shell push
func hostPush(id int32, piece string) bool

//go:wasmimport shell close
func hostClose(id int32)

// bind gives the shell its two functions: ask(id, length of the text, length of the body or -1) and gone(id).
func (f *front) bind() {
	binding := f.shell.Get("binding")
	binding.Set("ask", js.FuncOf(func(_ js.Value, args []js.Value) any {
		text, body := args[1].Int(), args[2].Int()
		octets := make([]byte, text+max(body, 0))
		hostTake(&octets[0]) // a text is never empty
		a := asked{id: int32(args[0].Int()), text: string(octets[:text])}
		if body >= 0 {
			a.body = octets[text:]
		}
		select {
		case f.idle <- a:
		default:
			go f.work(a)
		}
		return nil
	}))
	binding.Set("gone", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if cancel := f.open[int32(args[0].Int())]; cancel != nil {
			cancel()
		}
		return nil
	}))
}

// work serves one request after another, unless enough others wait for the next.
func (f *front) work(a asked) {
	for f.serve(a); f.resting < idle; f.serve(a) {
		f.resting++
		a = <-f.idle
		f.resting--
	}
}

func (f *front) serve(a asked) {
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	w := &writer{front: f, id: a.id, cancel: cancel, head: http.Header{}}
	r, err := request(ctx, a.text, a.body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest) // a path that the engine takes and Go does not
	} else {
		f.next.ServeHTTP(w, r)
	}
	w.finish()
}
