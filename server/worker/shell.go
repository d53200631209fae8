//go:build js && wasm

package main

import (
	"context"
	"syscall/js"
)

// background is the context of what is done for nobody in particular.
var background = context.Background()

// shell is what JavaScript gives this program (shell/instance.js).
type shell struct{ js.Value }

// await calls a function that returns a promise; it is false for one that failed, or that
// nobody waits for any more.
func (s shell) await(ctx context.Context, name string, args ...any) (v js.Value, ok bool) {
	came := make(chan js.Value, 1)
	failed := make(chan struct{}, 1)
	var then, not js.Func
	release := func() {
		then.Release()
		not.Release()
	}
	then = js.FuncOf(func(_ js.Value, args []js.Value) any {
		release()
		came <- args[0]
		return nil
	})
	not = js.FuncOf(func(js.Value, []js.Value) any {
		release()
		failed <- struct{}{}
		return nil
	})
	s.Call(name, args...).Call("then", then, not)
	select {
	case v = <-came:
		return v, true
	case <-failed:
	case <-ctx.Done():
	}
	return js.Undefined(), false
}

// bytesOf copies a Uint8Array; nil is none.
func bytesOf(v js.Value) []byte {
	if !v.Truthy() {
		return nil
	}
	b := make([]byte, v.Get("byteLength").Int())
	js.CopyBytesToGo(b, v)
	return b
}
