//go:build linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// process is one machine of the companion.
type process struct {
	cmd *exec.Cmd
	at  map[string]string // by its own words
}

var errStart = errors.New("it does not start")

func launch(args ...string) (*process, error) {
	p := &process{cmd: exec.Command(args[0], args[1:]...), at: map[string]string{}}
	var said bytes.Buffer
	p.cmd.Stderr = &said
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", args[0], err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		what, rest, _ := strings.Cut(lines.Text(), " ")
		p.at[what] = rest
		if what == "ds" {
			return p, nil
		}
	}
	p.end()
	return nil, fmt.Errorf("%w: %v: %s", errStart, args, &said)
}

func (p *process) end() {
	_ = p.cmd.Process.Kill() // may have ended
	_ = p.cmd.Wait()
}

// cpuOf a process: what it has used, in microseconds (proc(5), in hundredths of a second).
func cpuOf(pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, ok := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if err != nil || !ok || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) * 1e4
}

// metric adds up the samples of a node's metrics that begin so.
func (p *process) metric(prefix string) (sum float64) {
	res, err := http.Get("http://" + p.at["metrics"] + "/metrics")
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), prefix) {
			fields := strings.Fields(lines.Text())
			n, _ := strconv.ParseFloat(fields[len(fields)-1], 64)
			sum += n
		}
	}
	return sum
}

// way is what lies between the nodes and the API. Half of what it loses is lost before
// the API has it, half when it answers.
type way struct {
	setting
	to            string
	at            net.Listener
	client        *http.Client
	reports, size atomic.Int64
}

func newWay(s setting, to string) (*way, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("make a way: %w", err)
	}
	w := &way{setting: s, to: to, at: l, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 10 * time.Second}}
	go func() { _ = http.Serve(l, w) }() //nolint:gosec // on loopback, for seconds
	return w, nil
}

func (w *way) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	time.Sleep(w.Delay / 2)
	before, after := rand.Float64() < w.Loss/2, rand.Float64() < w.Loss/2
	if err != nil || before {
		panic(http.ErrAbortHandler)
	}
	w.reports.Add(1)
	w.size.Add(int64(len(body)))
	res, err := w.client.Post("http://"+w.to+r.URL.Path, "application/octet-stream", bytes.NewReader(body))
	if err != nil || after {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	time.Sleep(w.Delay / 2)
	out.WriteHeader(res.StatusCode)
	_, _ = out.Write(text) // the node tries again
}
