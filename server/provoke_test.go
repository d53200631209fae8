package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/stun/v3"
)

// The mistake of provoke_faulty.go as a label and in an address. The address is those
// letters too.
const (
	provocation        = "provoke-a-panic"
	provocationAddress = "7072:6f76:6f6b:652d:612d:7061:6e69:6321"
)

// TestOnePacket: of the whole process, one bad packet costs one packet (over TCP, its
// connection): those before, after and beside it are answered, and it goes on. The
// mistake is one that only this build has, at the place where each kind of packet is
// handled.
func TestOnePacket(t *testing.T) {
	file := filepath.Join(t.TempDir(), "watertight-server")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "faulty", "-o", file, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	c := spawn(t, file, "--dns", "127.0.0.1:0", "--stun", "127.0.0.1:0", "--turn", "127.0.0.1:0", "--http", "127.0.0.1:0", "--metrics", "127.0.0.1:0")
	stream := openStream(t, c.at["http"])
	bad := 0
	for where, message := range map[string]func(provoking bool, id uint16) []byte{"dns": dnsQuery, "stun": bindingRequest, "turn": bindingRequest} {
		bad += burst40(t, c.at[where], message)
	}
	for _, where := range []string{"dns", "turn"} {
		message := map[string]func(bool, uint16) []byte{"dns": framedQuery, "turn": bindingRequest}[where]
		bad += connections(t, c.at[where], message)
	}
	bad += requests(t, c.at["http"])
	if _, err := stream.Peek(1); err != nil {
		t.Errorf("the stream that was open has ended: %v", err)
	}
	code, health := read(t, "http://"+c.at["metrics"]+"/health")
	_, counted := read(t, "http://"+c.at["metrics"]+"/metrics")
	if code != 200 || !strings.Contains(counted, fmt.Sprintf("\nwatertight_panics_total %d\n", bad)) {
		t.Errorf("health %d %s; want %d panics in\n%s", code, health, bad, counted)
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("%v", err)
	}
	if told := strings.Split(strings.TrimSpace(c.stderr.String()), "\n"); len(told) != 1 || !strings.Contains(told[0], "panic in main.provoke:") {
		t.Errorf("said %q", told)
	}
}

func openStream(t *testing.T, at string) *bufio.Reader {
	t.Helper()
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://"+at+"/v1/sightings/"+tok, nil)
	r.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	in := bufio.NewReader(res.Body)
	for line := ""; line != "\n"; { // the opening event, and after it the first query of dnsQuery
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	return in
}

func dnsQuery(provoking bool, id uint16) []byte {
	q := new(dns.Msg)
	q.SetQuestion("f0."+tok+".watertight.test.", dns.TypeA)
	if provoking {
		q.SetQuestion(provocation+".watertight.test.", dns.TypeA)
	}
	q.Id = id
	b, err := q.Pack()
	if err != nil {
		panic(err)
	}
	return b
}

func framedQuery(provoking bool, id uint16) []byte {
	b := dnsQuery(provoking, id)
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
}

// bindingRequest repeats the id where DNS has it too: at the start of what comes back
// in an answer.
func bindingRequest(provoking bool, id uint16) []byte {
	setters := []stun.Setter{stun.BindingRequest, stun.NewTransactionIDSetter([stun.TransactionIDSize]byte{byte(id >> 8), byte(id)})}
	if provoking {
		setters = append(setters, stun.NewSoftware(provocation))
	}
	return stun.MustBuild(setters...).Raw
}

// answered is the id that an answer is to.
func answered(b []byte) uint16 {
	if stun.IsMessage(b) {
		return binary.BigEndian.Uint16(b[8:])
	}
	return binary.BigEndian.Uint16(b)
}

// burst40 sends forty packets at once, which the server reads in batches; each fifth
// is bad.
func burst40(t *testing.T, at string, message func(bool, uint16) []byte) (bad int) {
	t.Helper()
	conn, err := net.Dial("udp", at)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	missing := make(map[uint16]bool)
	for id := range uint16(40) {
		provoking := id%5 == 2
		if provoking {
			bad++
		} else {
			missing[id] = true
		}
		if _, err := conn.Write(message(provoking, id)); err != nil {
			t.Fatal(err)
		}
	}
	b := make([]byte, 2048)
	for len(missing) > 0 {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		n, err := conn.Read(b)
		if err != nil {
			t.Fatalf("%s: no answer to %v: %v", at, missing, err)
		}
		id := answered(b[:n])
		if !missing[id] {
			t.Errorf("%s: an answer to %d", at, id)
		}
		delete(missing, id)
	}
	return bad
}

// connections: a bad message ends its own, after what came before it was answered.
func connections(t *testing.T, at string, message func(bool, uint16) []byte) (bad int) {
	t.Helper()
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		return conn
	}
	exchange := func(conn net.Conn) error {
		if _, err := conn.Write(message(false, 7)); err != nil {
			return err
		}
		_, err := conn.Read(make([]byte, 2048))
		return err
	}
	beside := dial()
	for range 5 {
		one := dial()
		if err := exchange(one); err != nil {
			t.Errorf("%s: before: %v", at, err)
		}
		if _, err := one.Write(message(true, 8)); err != nil {
			t.Error(err)
		}
		bad++
		if n, err := io.Copy(io.Discard, one); n > 0 || err != nil {
			t.Errorf("%s: %d octets for the bad one, %v", at, n, err)
		}
		if err := exchange(beside); err != nil {
			t.Errorf("%s: beside: %v", at, err)
		}
	}
	return bad
}

// requests: 500 for the bad one, and the next is well.
func requests(t *testing.T, at string) (bad int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for range 5 {
		for address, want := range map[string]int{provocationAddress: 500, "2001:db8::1": 200} {
			r, _ := http.NewRequestWithContext(ctx, "GET", "http://"+at+"/v1/networks?address="+address, nil)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("%s: %d, want %d", address, res.StatusCode, want)
			}
		}
		bad++
	}
	return bad
}
