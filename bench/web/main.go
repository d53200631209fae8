//go:build linux

// Command web measures an HTTP API: the CPU that a server spends on a finished check
// or on one request, and what an open stream costs it. With --serve it is the anchor:
// net/http with the same answers, made once, and nothing behind them.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"watertight/bench/cpu"
)

const token = "abcdefghijklmnopqrstuv2345"

// requests of one check besides its stream, as the extension makes them.
var requests = []string{"/v1/exit", "/v1/exit", "/v1/frame", "/v1/frame", "/v1/networks?address=192.0.2.1&address=2001:db8::1", "/v1/sightings/" + token}

func main() {
	serve := flag.String("serve", "", "be the anchor at this address")
	to := flag.String("to", "", "address of the server")
	what := flag.String("what", "check", "check, exit, rate or streams")
	path := flag.String("path", "/v1/exit", "what a rate is measured of")
	length := flag.Duration("time", time.Second, "how long")
	count := flag.Int("count", 5000, "how many streams")
	pid := flag.Int("pid", 0, "the server's process")
	flag.Parse()
	var err error
	if *serve != "" {
		err = anchor(*serve)
	} else {
		err = measure(*to, *what, *path, *length, *count, *pid)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

// anchor answers like ours, from memory.
func anchor(at string) error {
	body := []byte(`{"address":"127.0.0.1","family":4,"network":null,"companion":{"families":[4,6]},"server":{"addresses":["127.0.0.1","::1"]}}` + "\n")
	return http.ListenAndServe(at, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { //nolint:gosec,wrapcheck // on loopback, for seconds
		w.Header().Set("Connection", "close")
		if r.Header.Get("Accept") == "text/event-stream" {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = io.WriteString(w, "event: open\ndata: {}\n\n")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
}

func measure(to, what, path string, length time.Duration, count, pid int) error {
	one := map[string]func() error{
		"check": func() error { return check(to) },
		"exit":  func() error { return get(to, "/v1/exit") },
	}[what]
	var result map[string]any
	var err error
	switch {
	case what == "rate":
		result, err = rate(to, path, length, pid)
	case one == nil:
		result, err = streams(to, count, pid)
	default:
		result, err = many(one, length, pid)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result) //nolint:wrapcheck // to a pipe
}

func many(one func() error, length time.Duration, pid int) (map[string]any, error) {
	if err := one(); err != nil { // warm, and a reason to stop early
		return nil, err
	}
	before, err := cpu.Process(pid)
	if err != nil {
		return nil, err
	}
	n := 0
	for began := time.Now(); time.Since(began) < length; n++ {
		if err := one(); err != nil {
			return nil, err
		}
	}
	after, err := cpu.Process(pid)
	return map[string]any{"done": n, "cpu_ns": after - before}, err
}

// check opens the stream, makes the requests, and leaves.
func check(to string) error {
	c, err := open(to, 1)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // only read
	for _, path := range requests {
		if err := get(to, path); err != nil {
			return err
		}
	}
	return nil
}

func get(to, path string) error {
	c, err := net.Dial("tcp", to)
	if err != nil {
		return err //nolint:wrapcheck // names the address
	}
	defer c.Close() //nolint:errcheck // only read
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s, %w", path, res.Status, err)
	}
	return nil
}

// open one stream, from the host with that number: one address has few.
func open(to string, host int) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, byte(1+host/250), byte(1+host%250))}}
	c, err := d.Dial("tcp", to)
	if err != nil {
		return nil, err //nolint:wrapcheck // names the address
	}
	fmt.Fprintf(c, "GET /v1/sightings/%s HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n", token)
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("open stream: %w", err)
		}
		if strings.HasPrefix(line, "event: open") {
			return c, nil
		}
	}
}

// streams holds them for a while; what they cost is the growth of the server.
func streams(to string, count, pid int) (map[string]any, error) {
	before, err := memory(pid)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	for i := range count {
		c, err := open(to, i/100)
		if err != nil {
			return nil, err
		}
		defer c.Close() //nolint:errcheck // all at the end
	}
	opened := time.Since(began)
	after, err := memory(pid)
	return map[string]any{"streams": count, "bytes": after - before, "seconds": opened.Seconds()}, err
}

// memory of a process, in bytes.
func memory(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, err //nolint:wrapcheck // names the file
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err //nolint:wrapcheck // a number of the kernel's
}
