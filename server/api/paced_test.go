package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
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

// TestPacedForgets: which networks have asked is not kept for longer than the limit needs
// it, whether somebody has it forgotten or the next request does.
func TestPacedForgets(t *testing.T) {
	now := time.Duration(0)
	h := paced(10, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), func() time.Duration { return now })
	ask := func(from string, want int) {
		t.Helper()
		call(h, "GET", "/v1/exit", "", from)
		if n := h.prefixes.Known(); n != want {
			t.Errorf("%d networks are known, want %d", n, want)
		}
	}
	ask("192.0.2.1:1", 1)
	ask("[2001:db8::1]:1", 2)
	h.Forget()
	if n := h.prefixes.Known(); n != 2 {
		t.Errorf("%d networks are known while they are still limited", n)
	}
	now += burst*time.Second + 1
	h.Forget()
	if n := h.prefixes.Known(); n != 0 {
		t.Errorf("%d networks are known for ever", n)
	}
	ask("192.0.2.1:1", 1)
	now += forgetEvery
	ask("198.51.100.1:1", 1) // the one before is gone
}
