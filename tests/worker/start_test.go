//go:build workerd

// Package worker tests the Worker as it is deployed, under the engine that runs it at
// Cloudflare's: `./build.sh test` builds it and calls this with the tag workerd.
package worker

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
	"watertight/tools/workerd"
)

const root = "../.."

// The builds: as deployed, and one that can be broken and forgets after four seconds.
const plain, breakable = "build/worker", "build/worker-breakable"

const zone = "watertight.test"

// networks that the tests ask from and about.
const networks = "127.0.0.0/8,64500,Example ISP,SE,access\n192.0.2.0/24,64510,\"Example VPN, Inc.\",SE,vpn\n198.51.100.0/24,64520,Example DNS,DE\n"

var key = report.NewKey([report.SecretSize]byte{1, 2, 3})

// running is a Worker under test.
type running struct {
	*workerd.Process
	url string
	log *buffer
}

// buffer is what workerd prints.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p) //nolint:wrapcheck // of a buffer
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func networksFile(t testing.TB, lines string) string {
	t.Helper()
	if lines == "" {
		return ""
	}
	file := filepath.Join(t.TempDir(), "networks.csv")
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// start runs a build; what Cloudflare says of requests may be nil.
func start(t testing.TB, folder string, cf any) *running {
	t.Helper()
	return startWith(t, folder, cf, networks, nil)
}

// startAs runs the build that is deployed, with other variables.
func startAs(t testing.TB, vars map[string]string) *running {
	t.Helper()
	return startWith(t, plain, nil, networks, vars)
}

func startWith(t testing.TB, folder string, cf any, lines string, more map[string]string) *running {
	t.Helper()
	vars := map[string]string{"ZONE": zone, "ADDRESSES": "203.0.113.53,2001:db8:53::53", "REPORT_KEYS": key.Line(), "SHARD_COUNT": "8"}
	maps.Copy(vars, more)
	r := &running{log: new(buffer)}
	p, err := workerd.Start(workerd.Options{
		Root: root, Folder: folder, HTTP: []string{"127.0.0.1:0"}, Networks: networksFile(t, lines), CF: cf, Stderr: r.log,
		Vars: vars,
	})
	if err != nil {
		t.Fatal(err, r.log)
	}
	t.Cleanup(func() {
		p.Stop()
		if t.Failed() {
			t.Log("workerd printed:", r.log)
		}
	})
	r.Process, r.url = p, "http://"+p.Addrs[0]
	return r
}

// client opens a connection for each request, as strangers do.
var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

func do(t testing.TB, r *http.Request) (int, http.Header, string) {
	t.Helper()
	res, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return 0, nil, ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	return res.StatusCode, res.Header, string(body)
}

func get(t testing.TB, url string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	status, _, body := do(t, r)
	return status, body
}

const alphabet = "abcdefghijklmnopqrstuvwxyz234567"

func newToken() string {
	b := make([]byte, sightings.TokenLen)
	_, _ = rand.Read(b)
	for i := range b {
		b[i] = alphabet[b[i]%32]
	}
	return string(b)
}

// node signs batches.
type node struct {
	mu       sync.Mutex
	boot     [8]byte
	sequence uint64
}

func newNode() *node {
	n := new(node)
	_, _ = rand.Read(n.boot[:])
	return n
}

func (n *node) seal(records ...report.Record) []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.sequence++
	return key.Seal(nil, report.Header{Boot: n.boot, Sequence: n.sequence, Time: time.Now()}, raw(records...))
}

func raw(records ...report.Record) (all []byte) {
	for _, r := range records {
		var one report.Raw
		r.Put(&one)
		all = append(all, one[:]...)
	}
	return all
}

// seen is a query by that resolver.
func seen(token, label, resolver string) report.Record {
	k, _ := sightings.ParseToken(token)
	l, _ := sightings.ParseLabel(label)
	return report.Record{Observation: sightings.Observation{Token: k, Label: l, Resolver: netip.MustParseAddr(resolver), Type: 1,
		EDNS: sightings.EDNS{Present: true, Size: 1232, DO: true}}}
}

func post(t testing.TB, url string, batch []byte) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", url+report.Path, bytes.NewReader(batch))
	if err != nil {
		t.Fatal(err)
	}
	status, _, body := do(t, r)
	return status, body
}

// resolvers that are told under a token.
func resolvers(t testing.TB, url, token string) (list []string, full bool) {
	t.Helper()
	status, body := get(t, url+"/v1/sightings/"+token)
	var told struct {
		Sightings []struct{ Label, Resolver string }
		Full      bool
	}
	if err := json.Unmarshal([]byte(body), &told); err != nil || status != http.StatusOK {
		t.Errorf("%d %s, %v", status, body, err)
	}
	for _, s := range told.Sightings {
		list = append(list, s.Label+" "+s.Resolver)
	}
	return list, told.Full
}

// follow opens a stream and hands out its lines.
func follow(t testing.TB, url, token string) (lines <-chan string, leave func()) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url+"/v1/sightings/"+token, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/event-stream")
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Error(err)
		return nil, func() {}
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("stream: %s %v", res.Status, res.Header)
	}
	out := make(chan string, 1000)
	go func() {
		defer close(out)
		pump(res.Body, out)
	}()
	return out, func() { _ = res.Body.Close() }
}

// event waits for one of that kind and returns its data.
func event(t testing.TB, lines <-chan string, kind string) string {
	t.Helper()
	late := time.After(20 * time.Second)
	for want := false; ; {
		select {
		case line, open := <-lines:
			switch {
			case !open:
				t.Errorf("the stream ended before the event %s", kind)
				return ""
			case want:
				return line
			}
			want = line == "event: "+kind
		case <-late:
			t.Errorf("no event %s came", kind)
			return ""
		}
	}
}

// freePort is one that nobody listens on at the moment.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr())
}
