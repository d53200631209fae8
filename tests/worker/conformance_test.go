//go:build workerd

package worker

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"watertight/server/report"
)

// named are the fields in which the two may differ: of which build they are, and where
// Cloudflare would have a token made.
var named = regexp.MustCompile(`"version":"[^"]*"|,"hint":"[^"]*"`)

// headers that a program reads. Connection is the engine's own, which ends none.
var headers = []string{
	"Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age",
	"Allow", "Cache-Control", "Content-Security-Policy", "Content-Type", "Cross-Origin-Resource-Policy", "Referrer-Policy",
	"Retry-After", "Vary", "X-Content-Type-Options",
}

// question is one request of the suite.
type question struct {
	method, path string
	body         []byte
	head         []string // names and values
	host         string
	length       int64 // -1 is one that is not told
}

func (q question) String() string {
	return fmt.Sprintf("%s %.80s %q %s (%d octets)", q.method, q.path, q.head, q.host, len(q.body))
}

// ask returns the answer as a text: status, headers, body.
func (q question) ask(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.method, url+q.path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if q.body != nil {
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(q.body)), int64(len(q.body))
	}
	if q.length != 0 {
		r.ContentLength = q.length
	}
	r.Host = q.host
	for i := 0; i+1 < len(q.head); i += 2 {
		r.Header.Add(q.head[i], q.head[i+1])
	}
	status, head, body := q.do(t, r)
	var b strings.Builder
	fmt.Fprintln(&b, status)
	for _, name := range headers {
		if v := head.Values(name); len(v) > 0 {
			fmt.Fprintln(&b, name, v)
		}
	}
	b.WriteString(named.ReplaceAllString(body, ""))
	return b.String()
}

// do asks again for a body that is too long: who refuses it closes on its writer, who on a
// busy machine may not have read the answer by then.
func (q question) do(t *testing.T, r *http.Request) (int, http.Header, string) {
	t.Helper()
	for tries := 0; tries < 3 && len(q.body) > report.MaxBody; tries++ {
		again := r.Clone(t.Context())
		again.Body = io.NopCloser(bytes.NewReader(q.body))
		res, err := client.Do(again)
		if err != nil {
			continue
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err == nil {
			return res.StatusCode, res.Header, string(body)
		}
	}
	return do(t, r)
}

// questions in an order that matters: what is reported is asked about afterwards.
func questions() []question {
	tokens := []string{newToken(), newToken(), newToken(), "zze" + newToken()[3:]}
	n := newNode()
	tcp := seen(tokens[1], "t12", "2001:db8::53")
	tcp.Transport, tcp.Type = 1, 65
	path := seen(tokens[1], "", "192.0.2.77")
	path.Path, path.Label, path.EDNS, path.Type = true, [3]byte{}, report.Record{}.EDNS, 0
	good := n.seal(seen(tokens[0], "f0", "198.51.100.53"), seen(tokens[0], "s1", "9.9.9.9"), tcp, path, seen(tokens[3], "p0", "203.0.113.1"))
	var many []report.Record
	for i := range 300 { // more than a token holds
		many = append(many, seen(tokens[2], "f1", fmt.Sprintf("198.51.%d.%d", i/200, i%200)))
	}
	forged := report.NewKey([report.SecretSize]byte{9}).Seal(nil, report.Header{Boot: n.boot, Sequence: 1, Time: time.Now()}, nil)
	late := key.Seal(nil, report.Header{Boot: n.boot, Sequence: 77, Time: time.Now().Add(-6 * time.Minute).Truncate(time.Second)}, nil)
	bent := bytes.Clone(good)
	bent[60] ^= 1
	list := []question{
		{path: "/v1/about"}, {path: "/v1/exit"}, {path: "/v1/frame"}, {path: "/v1/exit?x=1"},
		{path: "/v1/networks?address=192.0.2.1&address=9.9.9.9&address=2001:DB8::1"},
		{path: "/v1/networks"}, {path: "/v1/networks?address=1.2.3"}, {path: "/v1/networks?" + strings.Repeat("address=::1&", 17)},
		{path: "/"}, {path: "/v1/exit/"}, {path: "/v1"}, {path: "/V1/exit"}, {path: "/v1/%65xit"}, {path: "/favicon.ico"},
		{path: "/v1/sightings/"}, {path: "/v1/sightings/" + strings.ToUpper(tokens[0])}, {path: "/v1/sightings/" + tokens[0] + "/"},
		{path: "/v1/sightings/" + tokens[0]}, {path: "/v1/sightings/" + tokens[0] + "?x"},
		{path: "/v1/exit", head: []string{"X-Forwarded-For", "192.0.2.1", "Forwarded", "for=192.0.2.1", "CF-Connecting-IP", "192.0.2.1"}},
		{path: "/v1/sightings/" + tokens[0], head: []string{"Accept", "text/html, application/json;q=0.9"}},
		{method: "HEAD", path: "/v1/exit"}, {method: "HEAD", path: "/v1/sightings/" + tokens[0], head: []string{"Accept", "text/event-stream"}},
		{method: "OPTIONS", path: "/v1/exit", head: []string{"Origin", "https://a.test", "Access-Control-Request-Headers", "x-own"}},
		{method: "OPTIONS", path: "/nothing"},
		{method: "POST", path: "/v1/exit"}, {method: "POST", path: "/v1/exit", body: []byte("x")},
		{method: "DELETE", path: "/v1/sightings/" + tokens[0]}, {method: "PUT", path: "/nothing", body: []byte("x")},
		{path: "/", host: "valid.sig." + zone}, {path: "/v1/exit", host: "BROKEN.sig." + zone + ":8053"}, {path: "/", host: "other.sig." + zone},
		{path: "/v1/report"}, {method: "PUT", path: "/v1/report", body: []byte("x")},
	}
	for _, batch := range [][]byte{nil, []byte("{}"), forged, bent, good, good, late, n.seal(), n.seal(many...), make([]byte, report.MaxBody+1)} {
		list = append(list, question{method: "POST", path: "/v1/report", body: batch})
	}
	list = append(list,
		question{method: "POST", path: "/v1/report", body: n.seal(seen(tokens[0], "f9", "198.51.100.99")), length: -1},
		question{method: "POST", path: "/v1/report", body: make([]byte, report.MaxBody+1), length: -1},
		question{method: "POST", path: "/v1/exit", body: []byte("x"), length: -1})
	for _, token := range append(tokens, newToken()) {
		list = append(list, question{path: "/v1/sightings/" + token})
	}
	for i := range list {
		if list[i].method == "" {
			list[i].method = "GET"
		}
		if list[i].host == "" {
			list[i].host = "api." + zone
		}
	}
	return list
}

// TestConformance: whatever the API is asked, the Worker and the binary answer with the
// same octets, apart from what is named above.
func TestConformance(t *testing.T) {
	binary, w := startBinary(t, networks), startAs(t, map[string]string{"STUN_PORT": "0", "TURN_PORT": "0"})
	list := questions()
	for _, q := range list {
		want, got := q.ask(t, binary), q.ask(t, w.url)
		if got != want {
			t.Errorf("%s\nWorker %s\nbinary %s", q, got, want)
		}
	}
	if len(list) < 50 {
		t.Errorf("only %d questions", len(list))
	}
}

// TestStreamConformance: so it is with a stream: what was known, what comes, and what is
// told when a token is full.
func TestStreamConformance(t *testing.T) {
	urls := []string{startBinary(t, networks), startAs(t, nil).url}
	token, n := newToken(), newNode()
	before := n.seal(seen(token, "f0", "198.51.100.1"))
	later := n.seal(seen(token, "f0", "198.51.100.1"), seen(token, "s0", "192.0.2.9"))
	var many []report.Record
	for i := range 256 {
		many = append(many, seen(token, "f1", fmt.Sprintf("198.51.101.%d", i)))
	}
	full := n.seal(many...)
	var told [2][]string
	for i, url := range urls {
		post(t, url, before)
		lines, leave := follow(t, url, token)
		event(t, lines, "open")
		told[i] = append(told[i], event(t, lines, "sighting"))
		post(t, url, later)
		told[i] = append(told[i], event(t, lines, "sighting"))
		post(t, url, full)
		for range 254 {
			told[i] = append(told[i], event(t, lines, "sighting"))
		}
		told[i] = append(told[i], event(t, lines, "full"))
		leave()
	}
	if a, b := strings.Join(told[0], "\n"), strings.Join(told[1], "\n"); a != b || !strings.Contains(a, "192.0.2.9") {
		t.Errorf("binary\n%s\nWorker\n%s", a, b)
	}
}

// TestStreamUnderAnotherName: a token that is written otherwise has its stream as well, which
// the shell does not expect there.
func TestStreamUnderAnotherName(t *testing.T) {
	for _, url := range []string{startBinary(t, networks), startAs(t, nil).url} {
		token := newToken()
		lines, leave := follow(t, url, fmt.Sprintf("%%%x%s", token[0], token[1:]))
		event(t, lines, "open")
		leave()
	}
}
