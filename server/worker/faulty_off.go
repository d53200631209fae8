//go:build js && wasm && !faulty

package main

import "net/http"

func faulty(next http.Handler) http.Handler { return next }
