//go:build js && wasm && faulty

package main

import "net/http"

// faulty makes the build that a test breaks: three paths that no real one has.
func faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fault/handler": // in front of the handler that takes care of panics
			panic("on purpose")
		case "/fault/goroutine":
			go func() { panic("on purpose") }()
			<-r.Context().Done()
		case "/fault/memory":
			var hold [][]byte
			for {
				hold = append(hold, make([]byte, 64<<20))
			}
		default:
			next.ServeHTTP(w, r)
		}
	})
}
