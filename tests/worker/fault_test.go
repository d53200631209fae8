//go:build workerd

package worker

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
	"watertight/server/worker/place"
	"watertight/tools/workerd"
)

func pump(in io.Reader, out chan<- string) {
	s := bufio.NewScanner(in)
	for s.Scan() {
		out <- s.Text()
	}
}

// TestMixed: requests that run at the same time, of every kind and from one object's
// instance, get each its own answer.
func TestMixed(t *testing.T) {
	w := start(t, plain, nil)
	var all sync.WaitGroup
	for n := range 16 {
		all.Go(func() {
			for i := range 25 {
				address := fmt.Sprintf("192.0.2.%d", (n*25+i)%256)
				other := fmt.Sprintf("203.0.113.%d", (n*25+i)%256)
				want := fmt.Sprintf(`{"networks":{"%s":{"prefix":"192.0.2.0/24","asn":64510,"org":"Example VPN, Inc.","country":"SE","kind":"vpn"},"%s":null}}`, address, other)
				if _, got := get(t, w.url+"/v1/networks?address="+address+"&address="+other); strings.TrimSpace(got) != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
				bad := fmt.Sprintf("not-a-token-%d", n*25+i)
				if status, _ := get(t, w.url+"/v1/sightings/"+bad); status != http.StatusBadRequest {
					t.Errorf("%s: %d", bad, status)
				}
			}
		})
	}
	all.Wait()
}

// TestCrowd: 200 checks at once, each with a stream and six requests, whose sightings
// come in batches that hold those of many checks. Each is told its own and no other.
func TestCrowd(t *testing.T) {
	w := start(t, plain, nil)
	const checks, rows = 200, 4
	tokens := make([]string, checks)
	streams := make([]<-chan string, checks)
	var opening sync.WaitGroup
	for i := range tokens {
		tokens[i] = newToken()
		opening.Go(func() {
			lines, leave := follow(t, w.url, tokens[i])
			t.Cleanup(leave)
			event(t, lines, "open")
			streams[i] = lines
		})
	}
	opening.Wait()
	resolver := func(check, row int) string { return fmt.Sprintf("198.51.%d.%d", 100+row, check) }
	var all sync.WaitGroup
	for row := range rows {
		n := newNode()
		all.Go(func() {
			var records []report.Record
			for i, token := range tokens {
				records = append(records, seen(token, fmt.Sprintf("f%d", row), resolver(i, row)))
			}
			for part := range slices.Chunk(records, 30) {
				if status, body := post(t, w.url, n.seal(part...)); status != http.StatusOK {
					t.Errorf("report: %d %s", status, body)
				}
			}
		})
	}
	for range checks {
		all.Go(func() {
			for _, path := range []string{"exit", "exit", "frame", "frame", "networks?address=192.0.2.1", "about"} {
				if status, body := get(t, w.url+"/v1/"+path); status != http.StatusOK {
					t.Errorf("%s: %d %s", path, status, body)
				}
			}
		})
	}
	all.Wait()
	for i, lines := range streams {
		got := map[string]bool{}
		for range rows {
			var s struct{ Label, Resolver string }
			if err := json.Unmarshal([]byte(strings.TrimPrefix(event(t, lines, "sighting"), "data: ")), &s); err != nil {
				t.Error(err)
			}
			got[s.Label+" "+s.Resolver] = true
		}
		list, full := resolvers(t, w.url, tokens[i])
		if len(list) != rows || full {
			t.Errorf("check %d has %v, full %v", i, list, full)
		}
		for row := range rows {
			want := fmt.Sprintf("f%d %s", row, resolver(i, row))
			if !got[want] || !slices.Contains(list, want) {
				t.Errorf("check %d misses %s: %v, %v", i, want, got, list)
			}
		}
		select {
		case line := <-lines:
			if strings.HasPrefix(line, "event:") {
				t.Errorf("check %d is told more: %s", i, line)
			}
		default:
		}
	}
}

// TestPanic: what kills a program costs the request that did it. The next one is answered
// by a new program, which says to everybody that something may be lost; what another
// object holds is untouched, and nothing of a request is printed.
func TestPanic(t *testing.T) {
	w := start(t, breakable, nil)
	// All requests without a token come from one address, so to one object.
	for _, fault := range []string{"handler", "goroutine", "memory"} {
		t.Run(fault, func(t *testing.T) {
			if status, body := get(t, w.url+"/v1/exit"); status != http.StatusOK {
				t.Fatalf("before: %d %s", status, body)
			}
			victims := []string{newToken(), newToken(), newToken(), newToken(), newToken(), newToken(), newToken(), newToken()}
			var records []report.Record
			for _, token := range victims {
				records = append(records, seen(token, "f0", "198.51.100.1"))
			}
			if status, body := post(t, w.url, newNode().seal(records...)); status != http.StatusOK {
				t.Fatalf("report: %d %s", status, body)
			}
			var beside sync.WaitGroup
			for range 8 {
				beside.Go(func() {
					if status, body := get(t, w.url+"/v1/about"); status != http.StatusOK {
						t.Errorf("beside it: %d %s", status, body)
					}
				})
			}
			status, body := get(t, w.url+"/fault/"+fault+"?secret=192.0.2.99")
			if status != http.StatusInternalServerError || strings.TrimSpace(body) != `{"error":{"code":"internal","message":"the server made a mistake"}}` {
				t.Errorf("%d %s", status, body)
			}
			beside.Wait()
			if status, body := get(t, w.url+"/v1/exit"); status != http.StatusOK {
				t.Errorf("after: %d %s", status, body)
			}
			whole, told := 0, 0
			for _, token := range victims {
				list, full := resolvers(t, w.url, token)
				switch {
				case len(list) == 1:
					whole++
				case full:
					told++
				default:
					t.Errorf("%s has lost what was seen, and nobody says so", token)
				}
			}
			t.Logf("%d checks were elsewhere, %d were told", whole, told)
			if whole == 0 {
				t.Error("the fault has reached all objects")
			}
		})
	}
	if strings.Contains(w.log.String(), "192.0.2.99") {
		t.Error("what was asked is printed")
	}
}

// TestPanicMidStream: a stream whose program dies ends as a broken one, so that its reader
// does not take it for complete.
func TestPanicMidStream(t *testing.T) {
	w := start(t, breakable, nil)
	var streams []<-chan string
	const objects = place.Shards(8)
	for taken := map[int]bool{}; len(taken) < int(objects); { // one in each, so one in the object that dies
		token := newToken()
		object := objects.Of(sightings.Token([]byte(token)))
		if taken[object] || object >= int(objects) {
			continue
		}
		taken[object] = true
		lines, leave := follow(t, w.url, token)
		defer leave()
		event(t, lines, "open")
		streams = append(streams, lines)
	}
	if status, _ := get(t, w.url+"/fault/handler"); status != http.StatusInternalServerError {
		t.Errorf("%d", status)
	}
	ended := func() (n int) {
		for _, lines := range streams {
			for open := true; open; {
				select {
				case _, more := <-lines:
					if !more {
						n++
						open = false
					}
				default:
					open = false
				}
			}
		}
		return n
	}
	deadline := time.Now().Add(10 * time.Second)
	n := ended()
	for ; n == 0 && time.Now().Before(deadline); n = ended() {
		time.Sleep(50 * time.Millisecond)
	}
	if n == 0 || n == len(streams) {
		t.Errorf("%d of %d streams ended", n, len(streams))
	}
}

// TestRestart: the whole engine goes away in the middle of a stream, and comes back. The
// reader notices; who comes then is served.
func TestRestart(t *testing.T) {
	at, file := freePort(t), networksFile(t, networks)
	begin := func() *workerd.Process {
		p, err := workerd.Start(workerd.Options{Root: root, Folder: plain, HTTP: []string{at}, Networks: file, Stderr: io.Discard,
			Vars: map[string]string{"ZONE": zone, "REPORT_KEYS": key.Line()}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	first := begin()
	url, token, n := "http://"+at, newToken(), newNode()
	lines, leave := follow(t, url, token)
	defer leave()
	event(t, lines, "open")
	if status, body := post(t, url, n.seal(seen(token, "f0", "198.51.100.1"))); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	event(t, lines, "sighting")
	first.Stop()
	for late := time.After(5 * time.Second); lines != nil; {
		select {
		case _, open := <-lines:
			if !open {
				lines = nil
			}
		case <-late:
			t.Fatal("the stream outlives its server")
		}
	}
	second := begin()
	defer second.Stop()
	lines, leave = follow(t, url, token)
	defer leave()
	if status, body := post(t, url, n.seal(seen(token, "f1", "198.51.100.2"))); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	if data := event(t, lines, "sighting"); !strings.Contains(data, `"198.51.100.2"`) {
		t.Error(data)
	}
}

// TestForgets: nothing is kept beyond its time, by the build whose time is four seconds.
func TestForgets(t *testing.T) {
	w := start(t, breakable, nil)
	token := newToken()
	lines, leave := follow(t, w.url, token) // the object must not be put away before its time
	defer leave()
	event(t, lines, "open")
	if status, body := post(t, w.url, newNode().seal(seen(token, "f0", "198.51.100.1"))); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	if list, _ := resolvers(t, w.url, token); len(list) != 1 {
		t.Fatalf("%v", list)
	}
	time.Sleep(5 * time.Second)
	if list, full := resolvers(t, w.url, token); len(list) != 0 || full {
		t.Errorf("%v", list)
	}
}
