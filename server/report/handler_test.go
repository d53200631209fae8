package report

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"watertight/server/sightings"
)

// TestHandler over a real connection.
func TestHandler(t *testing.T) {
	table := sightings.New(sightings.Options{})
	k := key(1)
	server := httptest.NewServer(NewHandler(NewReceiver(table, nil), func() Keys { return Keys{k} }))
	defer server.Close()
	seal := func(k Key, sequence uint64, at time.Time, records ...Record) []byte {
		return k.Seal(nil, Header{Boot: head.Boot, Sequence: sequence, Time: at}, raw(records...))
	}
	send := func(method string, body io.Reader) (int, string, http.Header) {
		t.Helper()
		r, _ := http.NewRequestWithContext(t.Context(), method, server.URL+Path, body)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, _ := io.ReadAll(res.Body)
		if !json.Valid(text) || res.Header.Get("Content-Type") != "application/json" {
			t.Errorf("not JSON: %s", text)
		}
		return res.StatusCode, string(text), res.Header
	}
	now := time.Now()
	good := seal(k, 1, now, query(tok), path(tok))
	full := seal(k, 2, now, slices.Repeat([]Record{path(tok2)}, MaxRecords)...)
	for _, test := range []struct {
		name, method string
		body         []byte
		status       int
		want         string
	}{
		{"forged", "POST", seal(key(2), 1, now, query(tok)), 401, `"unknown-key"`},
		{"changed", "POST", append(bytes.Clone(good[:len(good)-1]), ^good[len(good)-1]), 401, `"bad-signature"`},
		{"no batch", "POST", []byte("{}"), 400, `"bad-report"`},
		{"nothing", "POST", nil, 400, `"bad-report"`},
		{"too large", "POST", make([]byte, MaxBody+1), 413, "64392 octets"},
		{"GET", "GET", nil, 405, "allowed is POST"},
		{"clock", "POST", seal(k, 3, now.Add(-time.Hour), query(tok)), 400, "3600 s behind the API's"},
	} {
		code, text, _ := send(test.method, bytes.NewReader(test.body))
		if code != test.status || !strings.Contains(text, test.want) {
			t.Errorf("%s: %d %s", test.name, code, text)
		}
	}
	if code, text, _ := send("POST", io.MultiReader(bytes.NewReader(append(bytes.Clone(full), 0)))); code != 413 {
		t.Errorf("too large, of unknown length: %d %s", code, text)
	}
	if !table.Snapshot(token(tok)).Empty() {
		t.Fatal("something was written")
	}
	for _, test := range []struct {
		body []byte
		want string
	}{
		{good, `{"accepted":2,"duplicate":false}` + "\n"},
		{good, `{"accepted":2,"duplicate":true}` + "\n"},
		{full, `{"accepted":960,"duplicate":false}` + "\n"},
	} {
		code, text, header := send("POST", bytes.NewReader(test.body))
		if code != 200 || text != test.want || header.Get("Connection") == "close" {
			t.Errorf("%d %s %v", code, text, header)
		}
	}
	news := table.Snapshot(token(tok))
	if len(news.Sightings) != 1 || len(news.Paths) != 1 || news.Sightings[0].ECS.String() != "192.0.2.0/24" || news.Paths[0].Address.String() != "2001:db8::7" {
		t.Errorf("%+v", news)
	}
}

// TestInner: behind a front that has checked the signature, each table takes its part.
func TestInner(t *testing.T) {
	k := key(1)
	sealed := k.Seal(nil, Header{Boot: head.Boot, Sequence: 1, Time: time.Now()}, raw(query(tok), path(tok2)))
	b, err := Keys{k}.Open(sealed)
	if err != nil {
		t.Fatal(err)
	}
	for n, part := range b.Split(func(k sightings.Token) int { return int(k[0]) }) {
		table := sightings.New(sightings.Options{})
		for _, body := range [][]byte{part, sealed} {
			w := httptest.NewRecorder()
			NewInner(NewReceiver(table, nil)).ServeHTTP(w, httptest.NewRequest("POST", Path, bytes.NewReader(body)))
			if want := map[bool]int{true: 200, false: 400}[len(body) == len(part)]; w.Code != want {
				t.Errorf("%d: %s", w.Code, w.Body)
			}
		}
		if a, z := !table.Snapshot(token(tok)).Empty(), !table.Snapshot(token(tok2)).Empty(); a != (n == 'a') || z != (n == 'z') {
			t.Errorf("table %c: %v %v", n, a, z)
		}
	}
}
