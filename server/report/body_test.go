package report

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"
)

// waits is a body that comes in parts: the first at once, the rest when it is let.
func waits(first []byte, rest chan []byte) io.Reader {
	read, write := io.Pipe()
	go func() {
		_, _ = write.Write(first)
		_, _ = write.Write(<-rest)
		_ = write.Close()
	}()
	return read
}

func post(h http.Handler, body io.Reader, length int) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", Path, body)
	r.ContentLength = int64(length)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestStrangers: a thousand that promise the largest body, name a key that is not known
// here and then say no more are answered at once, and cost no memory.
func TestStrangers(t *testing.T) {
	ours, theirs := key(1), key(2)
	h := NewFront(func() Keys { return Keys{ours} }, nil)
	head := theirs.Seal(nil, Header{Sequence: 1, Time: time.Now()}, nil)[:headerSize]
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 1000 {
		if w := post(h, io.MultiReader(bytes.NewReader(head), never{}), MaxBody); w.Code != 401 || w.Header().Get("Connection") != "close" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
	runtime.ReadMemStats(&after)
	if n := (after.TotalAlloc - before.TotalAlloc) / 1000; n > MaxBody/4 {
		t.Errorf("%d octets for each", n)
	}
}

// never has anything to read, and must not be asked.
type never struct{}

func (never) Read([]byte) (int, error) { panic("the body was read") }

// TestManyBodies: so many are taken at once, one more is told to come again, and when one
// is there the next can be.
func TestManyBodies(t *testing.T) {
	k := key(1)
	h := NewFront(func() Keys { return Keys{k} }, func(context.Context, Batch) (bool, error) { return true, nil })
	sealed := func(n int) []byte { return k.Seal(nil, Header{Sequence: uint64(n), Time: time.Now()}, raw(query(tok))) }
	rest, done := make(chan []byte), make(chan int)
	one := sealed(1)
	for range maxBodies {
		go func() { done <- post(h, waits(one[:headerSize], rest), len(one)).Code }()
	}
	for end := time.Now().Add(10 * time.Second); len(h.bodies) < maxBodies; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("they do not come in")
		}
	}
	if w := post(h, bytes.NewReader(one), len(one)); w.Code != 503 || !strings.Contains(w.Body.String(), "too-many-reports") {
		t.Errorf("one more: %d %s", w.Code, w.Body)
	}
	for range maxBodies {
		rest <- one[headerSize:]
		if code := <-done; code != 200 {
			t.Fatalf("one of them: %d", code)
		}
	}
	if w := post(h, bytes.NewReader(one), len(one)); w.Code != 200 || len(h.bodies) != 0 {
		t.Errorf("after that: %d %s, %d are in memory", w.Code, w.Body, len(h.bodies))
	}
}

// TestBroken: a body that ends too early is no batch, and nothing of it is kept.
func TestBroken(t *testing.T) {
	k := key(1)
	h := NewFront(func() Keys { return Keys{k} }, nil)
	one := k.Seal(nil, Header{Sequence: 1, Time: time.Now()}, raw(query(tok)))
	for n, want := range map[int]string{0: "bad-report", headerSize - 1: "bad-report", headerSize: `"body"`, len(one) - 1: `"body"`} {
		if w := post(h, bytes.NewReader(one[:n]), len(one)); w.Code != 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%d octets: %d %s", n, w.Code, w.Body)
		}
	}
	if len(h.bodies) != 0 {
		t.Errorf("%d are waited for for ever", len(h.bodies))
	}
}
