//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"
)

const (
	// probes of a check, asked for as A and AAAA.
	probes = 4
	// echoes: a second after it was taken, a node says everything once more.
	echoes = 1500 * time.Millisecond
	// ended: a stream notices at its next beat, after 5 s, that its reader has gone.
	ended = 6 * time.Second
	// deadline of a check, after which what has not come is missing.
	deadline = 2500 * time.Millisecond
)

// check is one user, with a resolver of their own at each node that it asks.
type check struct {
	number   int
	token    string
	wanted   map[string]bool
	first    time.Duration
	all      time.Duration
	wrong    int
	broken   bool
	silent   int
	failed   int
	finished bool
}

func newCheck(n int, hint string) *check {
	c := &check{number: n, token: hint, wanted: map[string]bool{}}
	for len(c.token) < 26 {
		c.token += string("abcdefghijklmnopqrstuvwxyz234567"[rand.IntN(32)])
	}
	return c
}

// own is an address of loopback that no other check has.
func (c *check) own(last int) net.IP {
	return net.IPv4(127, byte(100+c.number>>12), byte(c.number>>4), byte(c.number&15<<4+last+1))
}

// run opens the stream, asks, and listens until everything is there or it is too late.
func (c *check) run(com *companion) error {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: c.own(0)}, Timeout: deadline}
	conn, err := d.Dial("tcp", com.at)
	if err != nil {
		return fmt.Errorf("open stream: %w", err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /v1/sightings/%s HTTP/1.1\r\nHost: watertight.test\r\nAccept: text/event-stream\r\n\r\n", c.token)
	in := bufio.NewScanner(conn)
	for in.Scan() && in.Text() != "event: open" {
	}
	// A name is asked for at one server of the zone, as resolvers choose: by chance.
	type question struct {
		label      string
		node, kind int
	}
	var questions []question
	for i := range probes {
		for kind := range 2 {
			q := question{fmt.Sprintf("f%d", i), rand.IntN(len(com.nodes)), kind}
			questions = append(questions, q)
			c.wanted[c.own(1+q.node).String()+" "+q.label] = true
		}
	}
	missing := len(c.wanted)
	began := time.Now()
	_ = conn.SetReadDeadline(began.Add(deadline)) // fails only on a closed connection
	var asking sync.WaitGroup
	var silent, failed atomic.Int64
	for _, path := range beside {
		asking.Go(func() {
			if !c.get(com.at, path) {
				failed.Add(1)
			}
		})
	}
	for _, q := range questions {
		asking.Go(func() {
			if !ask(com.nodes[q.node].at["dns"], c.own(1+q.node), q.label+"."+c.token+".watertight.test.", []uint16{dns.TypeA, dns.TypeAAAA}[q.kind]) {
				silent.Add(1)
			}
		})
	}
	for missing > 0 && in.Scan() {
		var row struct{ Resolver, Label string }
		data, ok := strings.CutPrefix(in.Text(), "data: ")
		if !ok || json.Unmarshal([]byte(data), &row) != nil || row.Resolver == "" {
			continue
		}
		fresh, known := c.wanted[row.Resolver+" "+row.Label]
		switch {
		case !known:
			c.wrong++
		case fresh:
			c.wanted[row.Resolver+" "+row.Label] = false
			missing--
		}
		if c.first == 0 {
			c.first = time.Since(began)
		}
	}
	c.all, c.finished = time.Since(began), missing == 0
	c.broken = missing > 0 && c.all < deadline
	asking.Wait()
	c.silent, c.failed = int(silent.Load()), int(failed.Load())
	return nil
}

// hintOf the API is what tokens should begin with, or "".
func hintOf(at string) (string, error) {
	var about struct{ Hint string }
	res, err := http.Get("http://" + at + "/v1/about") //nolint:noctx // on loopback
	if err != nil {
		return "", fmt.Errorf("ask the API: %w", err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(&about); err != nil {
		return "", fmt.Errorf("read what the API is: %w", err)
	}
	return about.Hint, nil
}

// beside its stream the extension asks these, each over a connection of its own.
var beside = []string{"/v1/exit", "/v1/exit", "/v1/frame", "/v1/frame", "/v1/networks?address=192.0.2.1&address=2001:db8::1"}

func (c *check) get(at, path string) bool {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: c.own(0)}, Timeout: deadline}
	client := &http.Client{Timeout: deadline, Transport: &http.Transport{DialContext: d.DialContext, DisableKeepAlives: true}}
	res, err := client.Get("http://" + at + path)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err == nil && res.StatusCode == http.StatusOK
}

func ask(at string, from net.IP, name string, kind uint16) bool {
	q := new(dns.Msg)
	q.SetQuestion(name, kind)
	q.SetEdns0(1232, true)
	c := &dns.Client{Dialer: &net.Dialer{LocalAddr: &net.UDPAddr{IP: from}}, Timeout: time.Second}
	m, _, err := c.Exchange(q, at)
	return err == nil && m.Rcode == dns.RcodeNameError
}

// simulate runs one setting.
func simulate(at *place, s setting) (result, error) {
	r := result{Name: "scale", API: at.name(), setting: s, DelayMS: s.Delay.Seconds() * 1000}
	com, err := start(at, s)
	if com != nil {
		defer com.end()
	}
	if err != nil {
		return r, err
	}
	hint, err := hintOf(com.at)
	if err != nil {
		return r, err
	}
	before, err := at.counted(s, 0)
	if err != nil {
		return r, err
	}
	cpu := com.cpu()
	checks := make([]*check, s.Checks)
	failed := make(chan error, s.Checks)
	var wait sync.WaitGroup
	tick := time.NewTicker(time.Second / time.Duration(s.Rate))
	defer tick.Stop()
	for i := range checks {
		checks[i] = newCheck(i, hint)
		wait.Go(func() { failed <- checks[i].run(com) })
		<-tick.C
	}
	wait.Wait()
	for range checks {
		if err := <-failed; err != nil {
			return r, err
		}
	}
	time.Sleep(echoes) // they are part of the cost
	now, n := com.cpu(), float64(s.Checks)
	r.APICPU, r.NodeCPU = float64(int((now[0]-cpu[0])/n)), float64(int((now[1]-cpu[1])/n))
	r.Reports, r.Bytes = float64(com.way.reports.Load())/n, float64(com.way.size.Load())/n
	for _, node := range com.nodes {
		for _, fate := range []string{"dropped", "late", "refused"} {
			r.Dropped += node.metric(`watertight_report_records_total{fate="` + fate + `"}`)
		}
	}
	r.add(checks)
	after, err := at.counted(s, ended)
	r.Worker, r.Object = after.since(before, n)
	return r, err
}

func (c *companion) cpu() (sum [2]float64) {
	sum[0] = cpuOf(c.pid)
	for _, n := range c.nodes {
		sum[1] += cpuOf(n.cmd.Process.Pid)
	}
	return sum
}

func (r *result) add(checks []*check) {
	var first, all []float64
	ms := func(d time.Duration) float64 { return d.Seconds() * 1000 }
	for _, c := range checks {
		for _, missing := range c.wanted {
			r.Rows++
			if missing {
				r.Missing++
			}
		}
		r.Wrong += c.wrong
		r.Silent += c.silent
		r.Failed += c.failed
		if c.broken {
			r.Broken++
		}
		if c.first > 0 {
			first = append(first, ms(c.first))
		}
		if c.finished {
			all = append(all, ms(c.all))
		}
	}
	r.FirstRow, r.AllRows = of(first), of(all)
}
