package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestPaced: a network that asks too often is told so, and no other.
func TestPaced(t *testing.T) {
	h := Paced(10, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	count := func(from string) (ok, refused int) {
		for range 50 {
			r := httptest.NewRequest("GET", "/v1/exit", nil)
			r.RemoteAddr = from
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			switch w.Code {
			case 200:
				ok++
			case 429:
				refused++
				if w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Retry-After") == "" || strings.Contains(w.Body.String(), "192.0.2") {
					t.Fatalf("%v %s", w.Header(), w.Body)
				}
			}
		}
		return ok, refused
	}
	if ok, refused := count("192.0.2.1:1"); ok < 20 || ok > 25 || ok+refused != 50 {
		t.Errorf("%d were answered, %d refused", ok, refused)
	}
	if ok, _ := count("192.0.3.1:1"); ok < 20 {
		t.Errorf("another network: only %d were answered", ok)
	}
	if ok, _ := count("127.0.0.1:1"); ok != 50 {
		t.Errorf("loopback: %d", ok)
	}
}
