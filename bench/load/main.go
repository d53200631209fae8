//go:build linux

// Command load asks a DNS or STUN server as fast as it answers, or so many times a
// second, and prints what came back and what CPU time the server's process group
// spent on it: {"sent","answered","wrong","cpu_ns","seconds"}.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"time"
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
	length := flag.Duration("time", time.Second, "how long")
	group := flag.Int("group", 0, "process group of the server")
	flag.Parse()
	if err := run(*to, *what, *zone, *rate, *length, *group); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

type result struct {
	Sent     int     `json:"sent"`
	Answered int     `json:"answered"`
	Wrong    int     `json:"wrong"`
	CPU      int64   `json:"cpu_ns"`
	Seconds  float64 `json:"seconds"`
}

func run(to, what, zone string, rate int, length time.Duration, group int) error {
	conn, err := net.Dial("udp", to)
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
	before, err := cpu(group)
	if err != nil {
		return err
	}
	began := time.Now()
	if rate > 0 {
		err = l.paced(began, length, rate)
	} else {
		err = l.flatOut(began, length)
	}
	if err != nil {
		return err
	}
	l.Seconds = time.Since(began).Seconds()
	after, err := cpu(group)
	if err != nil {
		return err
	}
	l.CPU = after - before
	if err := json.NewEncoder(os.Stdout).Encode(l.result); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
