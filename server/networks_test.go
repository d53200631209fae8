package main

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"watertight/server/asn/pack"
)

// said is an output that two goroutines share.
type said struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *said) wait(t *testing.T, text string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !strings.Contains(s.String(), text); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never said %q, but %q", text, s.String())
		}
	}
}

func put(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestNewNetworks: files that are written anew are read at SIGHUP; of a broken one
// the operator is told, and it changes nothing.
func TestNewNetworks(t *testing.T) {
	dir := t.TempDir()
	own, data := filepath.Join(dir, "own.csv"), filepath.Join(dir, "data.zst")
	packed := func(day string) []byte {
		raw, err := pack.Encode(&pack.Data{Date: day, AS: []pack.AS{{}}})
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	put(t, own, []byte("192.0.2.0/24,64500,Old,SE\n"))
	put(t, data, packed("2026-01-01"))
	c, err := parse([]string{"--dns", "127.0.0.1:0", "--stun=", "--http", "127.0.0.1:0", "--networks", own, "--data", data}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var stderr said
	s, err := start(c, &stderr)
	if err != nil {
		t.Fatal(err)
	}
	defer end(t, s)
	check := func(org, day string) {
		t.Helper()
		_, networks := read(t, "http://"+s.http[0].String()+"/v1/networks?address=192.0.2.9")
		_, about := read(t, "http://"+s.http[0].String()+"/v1/about")
		if !strings.Contains(networks, `"org":"`+org+`"`) || !strings.Contains(about, `"data_date":"`+day+`"`) {
			t.Errorf("want %s of %s, got %s %s", org, day, networks, about)
		}
	}
	hup := func(want string) {
		t.Helper()
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		stderr.wait(t, want)
	}
	check("Old", "2026-01-01")
	put(t, own, []byte("192.0.2.0/24,64500,New,SE\n"))
	put(t, data, packed("2026-02-02"))
	hup("networks were read again; open data of 2026-02-02")
	check("New", "2026-02-02")
	put(t, own, []byte("192.0.2.0/24,64500,Newer,SE\n192.0.2.0/33,,,\n"))
	hup("the old networks stay: flag -networks: read " + own + ": line 2: prefix")
	check("New", "2026-02-02")
	put(t, own, []byte("192.0.2.0/24,64500,Newest,SE\n"))
	put(t, data, []byte("half a file"))
	hup("the old networks stay: flag -data: " + data)
	check("New", "2026-02-02")
	if err := os.Remove(data); err != nil {
		t.Fatal(err)
	}
	hup("no such file")
	check("New", "2026-02-02")
}

// TestChanged: a file that was written is noticed once, also one that comes back.
func TestChanged(t *testing.T) {
	file := filepath.Join(t.TempDir(), "own.csv")
	put(t, file, []byte("192.0.2.0/24,64500,Old,SE\n"))
	n, err := openNetworks("", file)
	if err != nil {
		t.Fatal(err)
	}
	if n.changed() {
		t.Error("nothing was written")
	}
	put(t, file, []byte("192.0.2.0/24,64500,Longer,SE\n"))
	if !n.changed() || n.changed() {
		t.Error("want once")
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if !n.changed() || n.load() == nil {
		t.Error("the file is gone")
	}
	if x, ok := n.Lookup(netip.MustParseAddr("192.0.2.1")); !ok || x.Org != "Old" {
		t.Errorf("%v %v", x, ok)
	}
}
