package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
	"github.com/pion/turn/v5"

	"watertight/server/turnd"
)

// insideEnv tells the process that is in the network namespace.
const insideEnv = "WATERTIGHT_INSIDE"

// shortKept is what sightings.Kept is in a build with the tag forgetful.
const shortKept = 4 * time.Second

var (
	visitors = []netip.Addr{netip.MustParseAddr("198.51.100.77"), netip.MustParseAddr("2001:db8:100::7:7077")}
	hosts    = []netip.Addr{netip.MustParseAddr("203.0.113.53"), netip.MustParseAddr("2001:db8:53::53")}
)

// TestForgets holds PRIVACY.md: tokens and visitors' addresses leave the memory of the
// server, all of which it searches, in the time that is stated there; and the server
// writes no file, ever. In a network of its own, because visitors from loopback are spared
// some of the work.
func TestForgets(t *testing.T) {
	if os.Getenv(insideEnv) != "" {
		forgets(t)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "watertight-server")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags", "forgetful", "-o", file, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	run := func() ([]byte, error) {
		inside := exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", self, "-test.run=^TestForgets$", "-test.v")
		inside.Env = append(os.Environ(), insideEnv+"="+file)
		return inside.CombinedOutput()
	}
	out, err := run()
	if bytes.Contains(out, []byte(onePlace)) {
		t.Logf("once more: %s", out)
		out, err = run()
	}
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestForgets")) {
		t.Errorf("%v\n%s", err, out)
	} else {
		t.Logf("%s", out)
	}
}

// onePlace that is left was seen in one of 19 runs, and never twice: four octets in a block
// of the runtime's that a living neighbour kept, which PRIVACY.md says is out of reach. So
// one place has to be gone in a second run; more are a failure at once.
const onePlace = " that held something, 1 do\n"

func forgets(t *testing.T) {
	commands := [][]string{{"link", "set", "lo", "up"}}
	for _, a := range slices.Concat(visitors, hosts) {
		commands = append(commands, []string{"address", "add", a.String(), "dev", "lo"})
	}
	for _, c := range commands {
		if out, err := exec.Command("ip", c...).CombinedOutput(); err != nil {
			t.Fatalf("ip %v: %v %s", c, err, out)
		}
	}
	trace := filepath.Join(t.TempDir(), "trace")
	both := func(port int) string { return fmt.Sprintf("%s:%d,[%s]:%d", hosts[0], port, hosts[1], port) }
	c := spawn(t, "strace", "-f", "-qq", "-y", "-o", trace, "-e", "trace=%file,write,pwrite64,writev,pwritev,ftruncate,fallocate,copy_file_range,sendfile",
		os.Getenv(insideEnv), "--zone", "watertight.test", "--ip4", hosts[0].String(), "--ip6", hosts[1].String(),
		"--dns", both(53), "--stun", both(3478), "--http", both(80), "--metrics", hosts[0].String()+":9153")
	pid := onlyChild(t, c.Process.Pid)
	if n := search(t, pid); len(n) > 0 {
		t.Fatalf("found before anything was sent: %v", n)
	}
	for i := range visitors {
		visit(t, visitors[i], hosts[i])
	}
	// And many at once, so that stacks are given from one to the other.
	var crowd sync.WaitGroup
	for i := range 3 * len(visitors) {
		crowd.Go(func() { visit(t, visitors[i%len(visitors)], hosts[i%len(visitors)]) })
	}
	crowd.Wait()
	sent := search(t, pid)
	for _, what := range []string{"token", "198.51.100.77", "2001:db8:100::7:7077"} {
		if !slices.ContainsFunc(sent, func(s string) bool { return strings.HasPrefix(s, what) }) {
			t.Errorf("%s is not found while it is known: the search finds nothing", what)
		}
	}
	// The table forgets in time; what is left in unused memory is overwritten before two and
	// a half times as long are over (five minutes of two), and does not come back from
	// anywhere, such as registers.
	const often, slack = shortKept / 8, 2 * time.Second // for the search itself
	time.Sleep(shortKept)
	left := search(t, pid)
	for end := time.Now().Add(shortKept*3/2 + slack); len(left) > 0 && time.Now().Before(end); left = search(t, pid) {
		time.Sleep(often)
	}
	if len(left) == 0 {
		time.Sleep(shortKept / 2)
		left = search(t, pid)
	}
	t.Logf("of %d places that held something, %d do", len(sent), len(left))
	if len(left) > 0 {
		t.Errorf("left in memory:\n%s", strings.Join(left, "\n"))
	}
	_, metrics := read(t, "http://"+hosts[0].String()+":9153/metrics")
	if !strings.Contains(metrics, "watertight_tokens 0") || strings.Contains(metrics, `watertight_dns_queries_total{transport="udp"} 0`) {
		t.Errorf("no visit at all:\n%s", metrics)
	}
	if err := exec.Command("kill", "-TERM", strconv.Itoa(pid)).Run(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("%v %s", err, c.stderr)
	}
	if c.stderr.String() != "" {
		t.Errorf("said %s", c.stderr)
	}
	noWrites(t, trace)
}

// onlyChild of strace is the server.
func onlyChild(t *testing.T, parent int) int {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// visit does all that a check does, and waits for the answers.
func visit(t *testing.T, from, to netip.Addr) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	at := func(port uint16) string { return netip.AddrPortFrom(to, port).String() }
	tcp, udp := &net.TCPAddr{IP: from.AsSlice()}, &net.UDPAddr{IP: from.AsSlice()}
	web := &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: tcp}).DialContext, DisableKeepAlives: true}}
	get := func(path, accept string) *http.Response {
		r, _ := http.NewRequestWithContext(ctx, "GET", "http://"+at(80)+path, nil)
		r.Header.Set("Accept", accept)
		r.Header.Set("X-Noise", strings.Repeat(tok, 20))
		res, err := web.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	stream := get("/v1/sightings/"+tok, "text/event-stream")
	for _, network := range []string{"udp", "tcp"} {
		var local net.Addr = udp
		if network == "tcp" {
			local = tcp
		}
		c := &dns.Client{Net: network, Dialer: &net.Dialer{LocalAddr: local}, Timeout: 5 * time.Second}
		for _, name := range []string{"f0." + tok + ".watertight.test.", "x0." + tok + ".watertight.test.", tok + ".v6.watertight.test.", tok + ".sig.watertight.test.", strings.ToUpper(tok) + ".example.org."} {
			q := new(dns.Msg)
			q.SetQuestion(name, dns.TypeA)
			q.SetEdns0(1232, true)
			// Both subnets are the visitor's own address, in full.
			q.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: uint16(1 + from.BitLen()/128), SourceNetmask: uint8(from.BitLen()), Address: from.AsSlice()}}
			if _, _, err := c.ExchangeContext(ctx, q, at(53)); err != nil {
				t.Fatal(err)
			}
		}
	}
	u, err := net.ListenUDP("udp", udp)
	if err != nil {
		t.Fatal(err)
	}
	c, err := (&net.Dialer{LocalAddr: tcp}).DialContext(ctx, "tcp", at(3479))
	if err != nil {
		t.Fatal(err)
	}
	for _, conn := range []net.PacketConn{u, turn.NewSTUNConn(c)} {
		client, err := turn.NewClient(&turn.ClientConfig{TURNServerAddr: at(3479), Conn: conn, Username: tok, Password: turnd.Password})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Listen(); err != nil {
			t.Fatal(err)
		}
		if _, err := client.SendBindingRequestTo(net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, 3478))); conn == u && err != nil {
			t.Error(err)
		}
		if _, err := client.Allocate(); err == nil || !strings.Contains(err.Error(), "508") {
			t.Errorf("%v, want a 508", err)
		}
		client.Close()
		_ = conn.Close()
	}
	for _, path := range []string{"/v1/exit", "/v1/networks?address=" + from.String(), "/v1/sightings/" + tok, "/v1/frame", "/" + tok} {
		res := get(path, "*/*")
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
	}
	in := bufio.NewReader(stream.Body)
	for n := 0; n < 2; { // the stream tells of them too
		line, err := in.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(line, "event: sighting") {
			n++
		}
	}
	_ = stream.Body.Close()
}
