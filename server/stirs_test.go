package main

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"
)

// settled is how much has come, once nothing comes any more.
func settled(s *server) uint64 {
	for {
		n := s.counts.messages()
		time.Sleep(20 * time.Millisecond)
		if s.counts.messages() == n {
			return n
		}
	}
}

// TestStirs: what never becomes a message wakes the wiping of memory all the same; what the
// operator looks at does not.
func TestStirs(t *testing.T) {
	cert, key, _ := write(t, t.TempDir(), 1)
	s := begin(t, "--metrics", "127.0.0.1:0", "--tls-cert", cert, "--tls-key", key)
	defer end(t, s)
	plain := begin(t)
	defer end(t, plain)
	var open []net.Conn
	dial := func(at string) net.Conn {
		c, err := net.Dial("tcp", at)
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c)
		_ = c.SetDeadline(time.Now().Add(10 * time.Second))
		return c
	}
	for name, test := range map[string]struct {
		s  *server
		do func()
	}{
		"DNS, no word":      {s, func() { dial(s.dns[0].String()) }},
		"TURN, no word":     {s, func() { dial(s.turn[0].String()) }},
		"HTTPS, no word":    {s, func() { dial(s.http[0].String()) }},
		"HTTPS, no TLS":     {s, func() { _, _ = io.WriteString(dial(s.http[0].String()), "GET / HTTP/1.1\r\n\r\n") }},
		"a stranger's TLS":  {s, func() { _ = tls.Client(dial(s.http[0].String()), &tls.Config{ServerName: "a.test"}).Handshake() }}, //nolint:gosec // Go's minimum
		"a refused request": {plain, func() { _, _ = io.WriteString(dial(plain.http[0].String()), "GET / HTTP/9\r\n\r\n") }},
	} {
		before := settled(test.s)
		test.do()
		for end := time.Now().Add(5 * time.Second); test.s.counts.messages() == before; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Errorf("%s: not noticed", name)
				break
			}
		}
	}
	for _, c := range open {
		_ = c.Close()
	}
	before := settled(s)
	read(t, "http://"+s.metrics[0].String()+"/metrics")
	if n := settled(s); n != before {
		t.Errorf("a look at the metrics counts as %d visitors", n-before)
	}
}
