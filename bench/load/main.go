//go:build linux

// Command load asks a DNS or STUN server as fast as it answers, or so many times a
// second, and prints what came back and what CPU time the server's process group
// spent on it: {"sent","answered","wrong","cpu_ns","own_ns","seconds"}; with --serial,
// which asks one question at a time, "median_us" and "p99_us" as well.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"time"

	"watertight/bench/cpu"
)

// window of unanswered questions: enough that the server never waits for us, and
// few enough that no socket buffer overflows.
const window = 192

// patience, after which what is unanswered is taken for lost.
const patience = 50 * time.Millisecond

func main() {
	to := flag.String("to", "", "address and port of the server")
	what := flag.String("what", "dns", "dns or stun")
	zone := flag.String("zone", "watertight.test", "zone that does not have the names")
	rate := flag.Int("rate", 0, "questions a second; 0 is as many as are answered")
	one := flag.Bool("serial", false, "one question at a time, and how long each takes")
	length := flag.Duration("time", time.Second, "how long")
	group := flag.Int("group", 0, "process group of the server")
	from := flag.Int("from", 0, "port to ask from; 0 is any")
	flag.Parse()
	if err := run(*to, *from, *what, *zone, *rate, *one, *length, *group); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

type result struct {
	Sent     int     `json:"sent"`
	Answered int     `json:"answered"`
	Wrong    int     `json:"wrong"`
	CPU      int64   `json:"cpu_ns"`
	Own      int64   `json:"own_ns"` // of this process
	Median   float64 `json:"median_us,omitempty"`
	P99      float64 `json:"p99_us,omitempty"`
	Seconds  float64 `json:"seconds"`
}

func run(to string, from int, what, zone string, rate int, serial bool, length time.Duration, group int) error {
	conn, err := (&net.Dialer{LocalAddr: &net.UDPAddr{Port: from}}).Dial("udp", to)
	if err != nil {
		return fmt.Errorf("open socket: %w", err)
	}
	defer conn.Close()
	l, err := newLoop(conn.(*net.UDPConn), asker(what, zone))
	if err != nil {
		return err
	}
	if err := l.warm(); err != nil {
		return err
	}
	before, err := cpu.Group(group)
	if err != nil {
		return err
	}
	began, spent := time.Now(), own()
	switch {
	case serial:
		err = l.serial(began, length)
	case rate > 0:
		err = l.paced(began, length, rate)
	default:
		err = l.flatOut(began, length)
	}
	if err == nil && l.Answered == 0 {
		err = errSilent
	}
	if err != nil {
		return err
	}
	l.Seconds = time.Since(began).Seconds()
	l.Own = own() - spent
	after, err := cpu.Group(group)
	if err != nil {
		return err
	}
	if l.CPU, err = cpu.Since(before, after); err != nil {
		return err //nolint:wrapcheck // says what has happened
	}
	if err := json.NewEncoder(os.Stdout).Encode(l.result); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
