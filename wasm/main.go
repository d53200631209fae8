//go:build js && wasm

// Command wasm is the core as the browser runs it: one global function,
//
//	watertight(requestJSON) → replyJSON
//
// that takes and returns one string, because each value that crosses the border
// by itself costs more than the whole string does. It never throws.
package main

import (
	"syscall/js"

	"watertight/wasm/call"
)

// export is the name of the function.
const export = "watertight"

func main() {
	js.Global().Set(export, js.FuncOf(answer))
	select {} // the instance lives as long as its page or worker
}

// answer looks at the arguments before any of them is converted: syscall/js
// panics on values of the wrong type, and a panic would end the instance.
func answer(_ js.Value, args []js.Value) (out any) {
	defer func() {
		if recover() != nil {
			out = call.BadArguments()
		}
	}()
	if len(args) != 1 || args[0].Type() != js.TypeString {
		return call.BadArguments()
	}
	return call.Handle(args[0].String())
}
