package outbox

import (
	"crypto/x509"
	"io"
	"net"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"watertight/server/report"
	"watertight/server/sightings"
)

// way is a relay whose connections can go silent, as behind a NAT that has forgotten them:
// nothing is passed on, and nobody is told.
type way struct {
	net.Listener
	to     string
	dead   atomic.Int64 // so many of the first
	opened atomic.Int64
	mu     sync.Mutex
	open   []net.Conn
}

func (w *way) run() {
	for {
		in, err := w.Accept()
		if err != nil {
			return
		}
		out, err := net.Dial("tcp", w.to)
		if err != nil {
			return
		}
		w.mu.Lock()
		w.open = append(w.open, in, out)
		w.mu.Unlock()
		n := w.opened.Add(1)
		go w.pass(n, in, out)
		go w.pass(n, out, in)
	}
}

func (w *way) pass(n int64, from io.Reader, to io.Writer) {
	buf := make([]byte, 16<<10)
	for {
		got, err := from.Read(buf)
		if err != nil {
			return
		}
		if n > w.dead.Load() {
			_, _ = to.Write(buf[:got])
		}
	}
}

func (w *way) end() {
	_ = w.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.open {
		_ = c.Close()
	}
}

// TestDeadConnection: over HTTP/2 all requests share one connection; when it dies without
// a word, those that come have another.
func TestDeadConnection(t *testing.T) {
	table := sightings.New(sightings.Options{})
	server := httptest.NewUnstartedServer(report.NewHandler(report.NewReceiver(table, nil), keys))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &way{Listener: l, to: server.Listener.Addr().String()}
	go w.run()
	defer w.end()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	patient := hasty
	patient.keep, patient.ask = 3*time.Second, time.Hour
	b := open(Options{URL: "https://" + l.Addr().String(), Keys: keys, Roots: roots, Say: func(string) {}}, patient)
	defer b.Close()
	b.Record(query(1))
	until(t, "taken", func() bool { return b.Counts().Accepted == 1 })
	if n := w.opened.Load(); n != 1 {
		t.Fatalf("%d connections", n)
	}
	w.dead.Store(1)
	b.Record(query(2))
	until(t, "an end", func() bool { c := b.Counts(); return c.Accepted+c.Late == 2 })
	if c := b.Counts(); c.Accepted != 2 || c.Retries == 0 || w.opened.Load() < 2 {
		t.Errorf("%+v over %d connections", c, w.opened.Load())
	}
}
