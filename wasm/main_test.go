//go:build js && wasm

package main

import (
	"encoding/json"
	"strings"
	"syscall/js"
	"testing"
)

// reply calls the export as JavaScript would.
func reply(t *testing.T, args ...any) (ok bool, code string) {
	t.Helper()
	out := js.Global().Call(export, args...)
	if out.Type() != js.TypeString {
		t.Fatalf("the reply is a %s", out.Type())
	}
	var r struct {
		OK    bool
		Error struct{ Code string }
	}
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	return r.OK, r.Error.Code
}

// TestExport calls the function with everything JavaScript has, and then once
// more as it should be: no call may end the instance.
func TestExport(t *testing.T) {
	js.Global().Set(export, js.FuncOf(answer))
	thrower := js.Global().Call("eval", `({toString() { throw new Error("no") }, valueOf() { throw new Error("no") }})`)
	for name, args := range map[string][]any{
		"nothing":    {},
		"undefined":  {js.Undefined()},
		"null":       {nil},
		"number":     {7},
		"not number": {js.Global().Get("NaN")},
		"boolean":    {true},
		"object":     {js.Global().Get("Object").New()},
		"string obj": {js.Global().Get("String").New(`{"op":"version"}`)},
		"list":       {js.Global().Get("Array").New(3)},
		"function":   {js.Global().Get("Array")},
		"symbol":     {js.Global().Call("Symbol", "x")},
		"bigint":     {js.Global().Call("BigInt", 7)},
		"thrower":    {thrower},
		"two":        {`{"op":"version"}`, `{"op":"version"}`},
		"null text":  {"null"},
		"10 MB":      {strings.Repeat("a", 10<<20)},
		"lone half":  {js.Global().Call("eval", `"\ud800"`)},
		"nested":     {strings.Repeat("[", 200_000)},
	} {
		if ok, code := reply(t, args...); ok || (code != "bad-request" && code != "bad-json") {
			t.Errorf("%s: ok %v, code %q", name, ok, code)
		}
		if ok, code := reply(t, `{"op":"version"}`); !ok {
			t.Fatalf("after %s the instance is dead: %q", name, code)
		}
	}
}

func TestJudgeThroughTheExport(t *testing.T) {
	js.Global().Set(export, js.FuncOf(answer))
	if ok, code := reply(t, `{"op":"judge","evidence":{"version":1}}`); !ok {
		t.Errorf("judge: %q", code)
	}
}
