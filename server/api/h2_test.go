package api

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// secure serves over TLS and HTTP/2, with the general limits of a server.
func secure(t *testing.T, h http.Handler, general time.Duration) *httptest.Server {
	t.Helper()
	web := httptest.NewUnstartedServer(h)
	web.EnableHTTP2 = true
	web.Config.ReadTimeout, web.Config.WriteTimeout = general, general
	web.StartTLS()
	t.Cleanup(web.Close)
	return web
}

// TestStreamLifeHTTP2: over HTTP/2 a stream lives for as long as it shall as well, also
// while one write may take no longer than the time between two beats: its deadline then
// falls due right when the next write begins.
func TestStreamLifeHTTP2(t *testing.T) {
	h, done := handler(t)
	defer close(done)
	h.pace = pace{life: 2 * time.Second, beat: 200 * time.Millisecond, write: 200 * time.Millisecond}
	web := secure(t, h, 150*time.Millisecond)
	r, _ := http.NewRequestWithContext(t.Context(), "GET", web.URL+"/v1/sightings/"+tok, nil)
	r.Header.Set("Accept", "text/event-stream")
	began := time.Now()
	res, err := web.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.ProtoMajor != 2 || res.StatusCode != 200 {
		t.Fatalf("%s %s", res.Proto, res.Status)
	}
	time.AfterFunc(h.pace.life*3/4, func() { observe(h, "f0", 1) })
	in, got := bufio.NewReader(res.Body), make(map[string]int)
	for kind := ""; kind != "end"; got[kind]++ {
		kind, _ = event(t, in)
	}
	_, err = in.ReadByte()
	if d := time.Since(began); got["open"] != 1 || got["sighting"] != 1 || got["comment"] < 6 || d < h.pace.life || !errors.Is(err, io.EOF) { // a reset would be another error
		t.Errorf("%v in %v, then %v", got, d, err)
	}
	waitFor(t, func() bool { return h.Streams() == 0 })
}

// TestStreamStuckHTTP2: who takes nothing in is given up, although the connection is well.
func TestStreamStuckHTTP2(t *testing.T) {
	h, done := handler(t)
	defer close(done)
	h.pace = pace{life: time.Minute, beat: time.Minute, write: 100 * time.Millisecond}
	web := secure(t, h, time.Minute)
	c, err := tls.Dial("tcp", web.Listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, NextProtos: []string{"h2"}}) //nolint:gosec // ourselves
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, http2.ClientPreface)
	f := http2.NewFramer(c, c)
	_ = f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0}) // RFC 9113 §6.9.2
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", "x"}, {":path", "/v1/sightings/" + tok}, {"accept", "text/event-stream"}} {
		_ = encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]})
	}
	_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndStream: true, EndHeaders: true})
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			t.Fatalf("no reset: %v", err)
		}
		if reset, ok := frame.(*http2.RSTStreamFrame); ok && reset.StreamID == 1 {
			break
		}
	}
	waitFor(t, func() bool { return h.Streams() == 0 })
}
