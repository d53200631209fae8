//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"watertight/bench/cpu"
)

// clients at once: enough to keep one core busy that answers over loopback.
const clients = 16

// rate is how many requests a server answers, and what they cost it and us.
func rate(to, path string, length time.Duration, pid int) (map[string]any, error) {
	first := kept{to: to}
	defer first.close()
	if err := first.get(path); err != nil { // warm, and a reason to stop early
		return nil, err
	}
	before, err := cpu.Process(pid)
	if err != nil {
		return nil, err
	}
	var done atomic.Int64
	var failed atomic.Pointer[error]
	var all sync.WaitGroup
	began := time.Now()
	for range clients {
		all.Go(func() {
			c := kept{to: to}
			defer c.close()
			for time.Since(began) < length && failed.Load() == nil {
				if err := c.get(path); err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	seconds := time.Since(began).Seconds()
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	after, err := cpu.Process(pid)
	if err != nil {
		return nil, err
	}
	own, err := cpu.Process(os.Getpid())
	if err != nil {
		return nil, fmt.Errorf("measure ourselves: %w", err)
	}
	return map[string]any{"done": done.Load(), "seconds": seconds, "cpu_ns": after - before, "own_ns": own}, nil
}

// kept is a connection that stays open for as long as the server likes, as those do that
// come from Cloudflare's edge. What that says of the asker, the Worker believes.
type kept struct {
	to   string
	conn net.Conn
	in   *bufio.Reader
}

func (k *kept) get(path string) error {
	if k.conn == nil {
		c, err := net.Dial("tcp", k.to)
		if err != nil {
			return err //nolint:wrapcheck // names the address
		}
		k.conn, k.in = c, bufio.NewReader(c)
	}
	fmt.Fprintf(k.conn, "GET %s HTTP/1.1\r\nHost: x\r\nCF-Connecting-IP: 127.0.0.1\r\nCf-Blob: {\"asn\":64500,\"asOrganization\":\"Example ISP\",\"country\":\"SE\"}\r\n\r\n", path)
	res, err := http.ReadResponse(k.in, nil)
	if err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	defer res.Body.Close() //nolint:errcheck // only read
	if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s, %w", path, res.Status, err)
	}
	if res.Close {
		k.close()
	}
	return nil
}

func (k *kept) close() {
	if k.conn != nil {
		_ = k.conn.Close()
		k.conn = nil
	}
}
