package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miekg/dns"

	"watertight/server/report"
)

// relay stands between nodes and the API, and does to requests what a network does.
type relay struct {
	*httptest.Server
	to    string
	fault atomic.Pointer[func(body []byte) (again, drop bool, _ []byte)]

	mu       sync.Mutex
	captured []byte
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	r := &relay{to: to}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		again, drop := false, false
		if f := r.fault.Load(); f != nil {
			again, drop, body = (*f)(body)
		}
		if again {
			go r.pass(body)
		}
		status, text, err := r.pass(body)
		if err != nil || drop {
			panic(http.ErrAbortHandler) // the answer is lost
		}
		if status == http.StatusOK && len(body) > 40+32 { // the API has it, and there is something in it
			r.mu.Lock()
			r.captured = body
			r.mu.Unlock()
		}
		w.WriteHeader(status)
		_, _ = w.Write(text)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *relay) pass(body []byte) (int, []byte, error) {
	res, err := http.Post("http://"+r.to+report.Path, "application/octet-stream", bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, text, err
}

// remote is an API and three nodes, each a process, with a relay between them.
type remote struct {
	apiArgs []string
	api     child
	at      string
	relay   *relay
	nodes   []child
	keys    report.Keys
}

func newRemote(t *testing.T) *remote {
	t.Helper()
	file := filepath.Join(t.TempDir(), "keys")
	var out bytes.Buffer
	for range 2 { // a change of keys is under way
		if code := run(t.Context(), []string{"keygen", "--report-key", file}, &out, &out); code != exitOK {
			t.Fatal(out.String())
		}
	}
	raw, _ := os.ReadFile(file)
	keys, err := report.ParseKeys(string(raw))
	if err != nil {
		t.Fatal(err)
	}
	r := &remote{keys: keys, at: fmt.Sprintf("127.0.0.1:%d", freePort(t))}
	r.apiArgs = []string{"--dns=", "--stun=", "--turn=", "--http", r.at, "--report-keys", file, "--rate", "0"}
	r.api = spawn(t, append([]string{built(t)}, r.apiArgs...)...)
	r.relay = newRelay(t, r.at)
	for range 3 {
		r.nodes = append(r.nodes, spawn(t, built(t), "--report", r.relay.URL, "--report-key", file, "--api", "127.0.0.1", "--dns", "127.0.0.1:0", "--stun=", "--rate", "0"))
	}
	return r
}

// kill as nothing else does: no last words.
func kill(c child) {
	_ = c.Process.Kill()
	_ = c.Wait()
}

// visitor is one check: it asks, and a stream listens.
type visitor struct {
	token string
	mu    sync.Mutex
	rows  map[string]bool // "resolver label", as told
	asked map[string]int  // and as it should be: by which node
}

// listen follows the stream, again when it breaks, until ctx ends.
func (v *visitor) listen(ctx context.Context, at string) {
	for ctx.Err() == nil {
		q, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at+"/v1/sightings/"+v.token, nil)
		q.Header.Set("Accept", "text/event-stream")
		if res, err := http.DefaultClient.Do(q); err == nil {
			for lines := bufio.NewScanner(res.Body); lines.Scan(); {
				if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
					v.hear(data)
				}
			}
			_ = res.Body.Close()
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (v *visitor) hear(data string) {
	var row struct{ Resolver, Label string }
	if json.Unmarshal([]byte(data), &row) == nil && row.Resolver != "" {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.rows[row.Resolver+" "+row.Label] = true
	}
}

func (v *visitor) told(row string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.rows[row]
}

// ask looks one name up at a node, from an address that stands for a resolver.
func (v *visitor) ask(t *testing.T, r *remote, node int, label string) {
	t.Helper()
	from := net.IPv4(127, 1, byte(node), byte(1+len(v.asked)%200))
	q := new(dns.Msg)
	q.SetQuestion(label+"."+v.token+".watertight.test.", dns.TypeA)
	c := &dns.Client{Dialer: &net.Dialer{LocalAddr: &net.UDPAddr{IP: from}}, Timeout: 5 * time.Second}
	m, _, err := c.Exchange(q, r.nodes[node].at["dns"])
	if err != nil || m.Rcode != dns.RcodeNameError {
		t.Errorf("node %d: %v %v", node, m, err)
	}
	v.asked[from.String()+" "+label] = node
}

// crowd of visitors that listen.
func (r *remote) crowd(t *testing.T, n int) ([]*visitor, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wait sync.WaitGroup
	var all []*visitor
	for range n {
		v := &visitor{rows: map[string]bool{}, asked: map[string]int{}}
		for range 26 {
			v.token += string("abcdefghijklmnopqrstuvwxyz234567"[rand.IntN(32)])
		}
		all = append(all, v)
		wait.Go(func() { v.listen(ctx, r.at) })
	}
	return all, func() { cancel(); wait.Wait() }
}

// settle waits until every row that a live node saw is told, and then looks for rows that
// nobody asked for.
func settle(t *testing.T, all []*visitor, dead int) {
	t.Helper()
	end := time.Now().Add(20 * time.Second)
	for _, v := range all {
		for row, node := range v.asked {
			for node != dead && !v.told(row) {
				if time.Now().After(end) {
					t.Fatalf("%s of node %d is lost", row, node)
				}
				time.Sleep(5 * time.Millisecond)
			}
		}
	}
	for _, v := range all {
		v.mu.Lock()
		for row := range v.rows {
			if _, ok := v.asked[row]; !ok {
				t.Errorf("%s was never asked", row)
			}
		}
		v.mu.Unlock()
	}
}

// TestNodes: real processes, and one fault after the other.
func TestNodes(t *testing.T) {
	whole := t
	r := newRemote(t)
	t.Run("duplicates, other orders, lost answers", func(t *testing.T) {
		fault := func(body []byte) (bool, bool, []byte) {
			time.Sleep(time.Duration(rand.IntN(int(60 * time.Millisecond))))
			return rand.IntN(2) == 0, rand.IntN(3) == 0, body
		}
		r.relay.fault.Store(&fault)
		defer r.relay.fault.Store(nil)
		all, end := r.crowd(t, 20)
		defer end()
		for round := range 6 {
			for i, v := range all {
				v.ask(t, r, (i+round)%3, fmt.Sprintf("f%d", round))
			}
		}
		settle(t, all, -1)
	})
	t.Run("forged, replayed, of another time", func(t *testing.T) { r.strangers(t) })
	t.Run("a clock that is wrong", func(t *testing.T) {
		shift := func(body []byte) (bool, bool, []byte) {
			b, err := r.keys.Open(body)
			if err != nil {
				t.Error(err)
			}
			h := b.Header
			h.Time = h.Time.Add(-report.MaxSkew - 10*time.Second)
			return false, false, r.keys.Signer().Seal(nil, h, body[40:len(body)-32])
		}
		r.relay.fault.Store(&shift)
		defer r.relay.fault.Store(nil)
		all, end := r.crowd(t, 1)
		defer end()
		all[0].ask(t, r, 0, "f0")
		for end := time.Now().Add(10 * time.Second); !strings.Contains(r.nodes[0].stderr.String(), "s behind the API's; up to 300 s are allowed"); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the operator is told %q", r.nodes[0].stderr)
			}
		}
		if len(all[0].rows) > 0 {
			t.Errorf("%v", all[0].rows)
		}
	})
	t.Run("the API killed and started again", func(t *testing.T) {
		all, end := r.crowd(t, 20)
		defer end()
		for round := range 12 {
			for i, v := range all {
				v.ask(t, r, (i+round)%3, fmt.Sprintf("f%d", round))
			}
			switch round {
			case 4:
				kill(r.api)
			case 8:
				r.api = spawn(whole,
					append([]string{built(t)}, r.apiArgs...)...)
			}
		}
		settle(t, all, -1)
	})
	t.Run("a node killed in the middle of a check", func(t *testing.T) {
		all, end := r.crowd(t, 20)
		defer end()
		for round := range 6 {
			for i, v := range all {
				if node := (i + round) % 3; node != 1 || round < 3 {
					v.ask(t, r, node, fmt.Sprintf("f%d", round))
				}
			}
			if round == 2 {
				kill(r.nodes[1])
			}
		}
		settle(t, all, 1)
	})
	for i, n := range r.nodes {
		if said := n.stderr.String(); strings.Contains(said, "127.1.") || strings.Contains(said, "panic") {
			t.Errorf("node %d said %s", i, said)
		}
	}
}

// strangers send what a node has sent, and what none would.
func (r *remote) strangers(t *testing.T) {
	all, end := r.crowd(t, 2)
	defer end()
	all[0].ask(t, r, 0, "f0")
	settle(t, all, -1)
	r.relay.mu.Lock()
	captured := bytes.Clone(r.relay.captured)
	r.relay.mu.Unlock()
	k, other := r.keys.Signer(), report.NewKey([report.SecretSize]byte{9})
	b, err := r.keys.Open(captured)
	if err != nil || b.Len() == 0 {
		t.Fatal(err)
	}
	victim := bytes.Clone(captured[40 : len(captured)-32])
	copy(victim, all[1].token)
	now := time.Now()
	h := report.Header{Boot: [8]byte{1}, Sequence: 1, Time: now}
	at := func(off time.Duration) report.Header {
		return report.Header{Boot: [8]byte{2}, Sequence: uint64(off + time.Hour), Time: now.Add(off)}
	}
	changed := bytes.Clone(captured)
	copy(changed[40:], all[1].token)
	for _, test := range []struct {
		name   string
		body   []byte
		status int
		want   string
	}{
		{"replayed", captured, 200, `"duplicate":true`},
		{"changed", changed, 401, "bad-signature"},
		{"of another key", other.Seal(nil, h, victim), 401, "unknown-key"},
		{"cut", captured[:len(captured)-1], 401, "bad-signature"},
		{"5 minutes behind", k.Seal(nil, at(-report.MaxSkew-2*time.Second), victim), 400, "s behind the API's"},
		{"5 minutes ahead", k.Seal(nil, at(report.MaxSkew+5*time.Second), victim), 400, "s ahead of the API's"},
		{"nearly 5 minutes behind", k.Seal(nil, at(-report.MaxSkew+20*time.Second), nil), 200, `"accepted":0`},
		{"nearly 5 minutes ahead", k.Seal(nil, at(report.MaxSkew-5*time.Second), nil), 200, `"accepted":0`},
		{"by the older key", r.keys[0].Seal(nil, h, nil), 200, `"accepted":0`},
	} {
		status, text, err := r.relay.pass(test.body)
		if err != nil || status != test.status || !strings.Contains(string(text), test.want) {
			t.Errorf("%s: %d %s %v", test.name, status, text, err)
		}
	}
	time.Sleep(100 * time.Millisecond)
	settle(t, all, -1) // the victim was asked about nothing
}
