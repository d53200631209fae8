// Command empty is the anchor of the core's cold start: the smallest Go program under js/wasm that waits for calls.
package main

func main() { select {} }
