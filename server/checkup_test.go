package main

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

// tree plays the root on one loopback address, and the zone above and a resolver on
// another, at the port that our name server has.
type tree struct {
	zone      string
	delegate  []string // zone file lines of the delegation
	authority string   // where resolvers find the zone
}

func serveDNS(t *testing.T, at netip.AddrPort, h dns.HandlerFunc) {
	t.Helper()
	packets, err := net.ListenPacket("udp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	streams, err := net.Listen("tcp", at.String())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*dns.Server{{PacketConn: packets}, {Listener: streams}} {
		s.Handler = h
		ready := make(chan struct{})
		s.NotifyStartedFunc = func() { close(ready) }
		go s.ActivateAndServe() //nolint:errcheck // ends with the test
		<-ready
		t.Cleanup(func() { _ = s.Shutdown() })
	}
}

// root refers to the zone above.
func (w *tree) root(out dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(q)
	ns, _ := dns.NewRR("test. 60 IN NS ns.test.")
	glue, _ := dns.NewRR("ns.test. 60 IN A 127.0.0.9")
	m.Ns, m.Extra = []dns.RR{ns}, []dns.RR{glue}
	_ = out.WriteMsg(m)
}

func (w *tree) answer(out dns.ResponseWriter, q *dns.Msg) {
	m := new(dns.Msg)
	m.SetReply(q)
	name := q.Question[0].Name
	if q.RecursionDesired {
		r := q.Copy()
		r.RecursionDesired = false
		for _, network := range []string{"udp", "tcp"} {
			got, _, err := (&dns.Client{Net: network}).Exchange(r, w.authority)
			if err != nil {
				break
			}
			if m = got; !m.Truncated {
				break
			}
		}
		_ = out.WriteMsg(m)
		return
	}
	for _, line := range w.delegate {
		rr, err := dns.NewRR(line)
		if err != nil {
			panic(err)
		}
		switch {
		case rr.Header().Rrtype == dns.TypeNS && q.Question[0].Qtype == dns.TypeNS:
			m.Ns = append(m.Ns, rr)
		case rr.Header().Rrtype == dns.TypeDS && q.Question[0].Qtype == dns.TypeDS:
			m.Answer = append(m.Answer, rr)
		case rr.Header().Rrtype == dns.TypeA && q.Question[0].Qtype == dns.TypeNS:
			m.Extra = append(m.Extra, rr)
		}
	}
	if len(m.Ns) == 0 && len(m.Answer) == 0 {
		soa, _ := dns.NewRR("test. 60 IN SOA ns.test. h.test. 1 1 1 1 1")
		m.Ns, m.Authoritative = []dns.RR{soa}, true
		if name == dns.Fqdn(w.zone) && q.Question[0].Qtype == dns.TypeNS {
			m.Rcode = dns.RcodeNameError
		}
	}
	_ = out.WriteMsg(m)
}

// TestCheckUp changes one thing at a time of a world in which all is well.
func TestCheckUp(t *testing.T) {
	const zone, at = "watertight.test", "127.0.0.1"
	cert, key, _ := write(t, t.TempDir(), 1, zone, "ip4."+zone, "valid.sig."+zone, "broken.sig."+zone)
	poor, poorKey, _ := write(t, t.TempDir(), 1, zone)
	for name, test := range map[string]struct {
		change func(*tree)
		server []string
		flags  []string
		want   []string // lines that begin so
		never  string
	}{
		"all is well": {want: []string{
			"ok: delegation: test. names ns1.watertight.test. and ns2.watertight.test.", "ok: certificate of watertight.test", "ok: certificate of broken.sig.",
			"cannot be known from here: DNS udp 127.0.0.1", "cannot be known from here: DNS tcp 127.0.0.1", "cannot be known from here: STUN udp", "cannot be known from here: TURN tcp", "cannot be known from here: HTTPS",
			"cannot be known from here: DNS from outside, UDP: the resolver is on this machine", "cannot be known from here: DNS from outside, TCP: the resolver is on this machine", "cannot be known from here: IPv6: none is offered",
		}, never: "wrong: "},
		// The flags of the service: its folder is systemd's business.
		"as a service": {flags: []string{"--acme", "you@example.org", "--user", "nobody"}, want: []string{"ok: delegation"}, never: "wrong: "},
		"no DNS":       {flags: []string{"--dns="}, want: []string{"wrong: DNS: the server is told not to offer it", "    → give the server --dns", "cannot be known from here: DNS from outside: resolvers cannot get there"}},
		"not delegated": {change: func(w *tree) { w.delegate = nil }, want: []string{
			"wrong: delegation: test. (127.0.0.9) does not know watertight.test", "    → at the registrar or in the zone of test, make", "      watertight.test.     NS   ns1.watertight.test.", "      ns2.watertight.test. A    127.0.0.1", "cannot be known from here: DNS from outside: resolvers cannot get there",
		}},
		"one server only": {change: func(w *tree) { w.drop("NS ns2") }, want: []string{"wrong: delegation: test. (127.0.0.9) does not name ns2."}},
		"a stranger too": {change: func(w *tree) { w.add(zone + ". NS ns.old.test.") },
			want: []string{"wrong: delegation: test. (127.0.0.9) names ns.old.test. as well", "    → take the record  watertight.test. NS ns.old.test.  away"}},
		"no glue":                 {change: func(w *tree) { w.drop(" A ") }, want: []string{"wrong: glue: test. (127.0.0.9) does not give ns1."}},
		"old glue":                {change: func(w *tree) { w.add("ns2." + zone + ". A 192.0.2.9") }, want: []string{"wrong: glue: test. (127.0.0.9) gives ns2.watertight.test. the address 192.0.2.9"}},
		"a DS":                    {change: func(w *tree) { w.add(zone + ". DS 1 13 2 " + strings.Repeat("ab", 32)) }, want: []string{"wrong: DS: test. (127.0.0.9) has one", "    → take every DS record of watertight.test away"}},
		"no STUN":                 {server: []string{"--stun="}, want: []string{"wrong: STUN udp 127.0.0.1:", "    → start the server with --stun 127.0.0.1:", "wrong: TURN udp", "wrong: TURN tcp"}},
		"other zone":              {server: []string{"--zone", "other.test"}, want: []string{"wrong: DNS udp 127.0.0.1", "wrong: DNS tcp", "wrong: HTTPS 127.0.0.1"}},
		"old address":             {server: []string{"--ip4", "127.0.0.7"}, want: []string{"wrong: zone: ip4.watertight.test is [127.0.0.7]", "    → start the server with --ip4 127.0.0.1"}},
		"certificate of one name": {server: []string{"--tls-cert", poor, "--tls-key", poorKey}, flags: []string{"--authority", poor}, want: []string{"ok: certificate of watertight.test", "wrong: certificate of ip4.watertight.test", "wrong: certificate of valid.sig."}},
		"unknown authority":       {flags: []string{"--authority", poor}, want: []string{"wrong: certificate of watertight.test"}},
		"resolver cannot get there": {change: func(w *tree) { w.authority = "127.0.0.1:1" },
			flags: nil, want: []string{"wrong: DNS from outside: the resolver 127.0.0.9 says NOERROR"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := append([]string{"--dns", at + ":0", "--zone", zone, "--ip4", at, "--ip6=", "--tls-cert", cert, "--tls-key", key}, test.server...)
			s := begin(t, server...)
			defer end(t, s)
			port := s.dns[0].Port()
			w := &tree{zone: zone, authority: s.dns[0].String()}
			for _, n := range []string{"ns1", "ns2"} {
				w.add(zone+". NS "+n+"."+zone+".", n+"."+zone+". A "+at)
			}
			if test.change != nil {
				test.change(w)
			}
			serveDNS(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.8"), port), w.root)
			serveDNS(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.9"), port), w.answer)
			old := checkPort
			checkPort = port
			defer func() { checkPort = old }()
			stun := uint16(1)
			if len(s.stun) > 0 {
				stun = s.stun[0].Port()
			}
			turn := uint16(1)
			if len(s.turn) > 0 {
				turn = s.turn[0].Port()
			}
			args := append([]string{"check", "--zone", zone, "--ip4", at, "--ip6=", "--dns", s.dns[0].String(), "--http", s.http[0].String(),
				"--stun", fmt.Sprintf("%s:%d", at, stun), "--turn", fmt.Sprintf("%s:%d", at, turn),
				"--root", "127.0.0.8", "--resolver", "127.0.0.9", "--authority", cert}, test.flags...)
			var out, errs bytes.Buffer
			code := run(t.Context(), args, &out, &errs)
			text := "\n" + out.String()
			for _, want := range test.want {
				if !strings.Contains(text, "\n"+want) {
					t.Errorf("no line %q", want)
				}
			}
			// The port is not 53 here, and says so.
			wrong := strings.Count(text, "\nwrong: ") - strings.Count(text, "\nwrong: DNS: the server is told to listen on port")
			if test.never != "" && wrong > 0 || test.never == "" && (wrong == 0 || code != exitFailed) {
				t.Errorf("%d wrong, exit code %d", wrong, code)
			}
			if t.Failed() {
				t.Log(text, errs.String())
			}
		})
	}
}

// TestCheckUpAPI: with the flags that the manual gives to the API of nodes, the API is looked
// at, and what its nodes have told it.
func TestCheckUpAPI(t *testing.T) {
	const zone, at = "watertight.test", "127.0.0.1"
	cert, key, _ := write(t, t.TempDir(), 1, zone, "ip4."+zone, "valid.sig."+zone, "broken.sig."+zone)
	keys := filepath.Join(t.TempDir(), "keys")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"keygen", "--report-key", keys}, &out, &errs); code != exitOK {
		t.Fatal(errs.String())
	}
	all := []string{"--zone", zone, "--ip4", at, "--ip6=", "--ns", at, "--ns", at}
	role := append(slices.Clone(all), "--dns=", "--stun=", "--turn=", "--report-keys", keys, "--tls-cert", cert, "--tls-key", key)
	api := begin(t, role...)
	defer end(t, api)
	node := begin(t, append(slices.Clone(all), "--http=", "--dns", at+":0", "--stun", at+":0",
		"--api", at, "--report", "https://"+api.http[0].String(), "--report-key", keys, "--report-root", cert)...)
	defer end(t, node)
	w := &tree{zone: zone, authority: node.dns[0].String()}
	for _, n := range []string{"ns1", "ns2"} {
		w.add(zone+". NS "+n+"."+zone+".", n+"."+zone+". A "+at)
	}
	old := checkPort
	checkPort = node.dns[0].Port()
	defer func() { checkPort = old }()
	serveDNS(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.8"), checkPort), w.root)
	serveDNS(t, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.9"), checkPort), w.answer)
	out.Reset()
	code := run(t.Context(), append(append([]string{"check"}, role...), "--http", api.http[0].String(), "--root", "127.0.0.8", "--resolver", "127.0.0.9", "--authority", cert), &out, &errs)
	text := "\n" + out.String()
	for _, want := range []string{
		"ok: delegation: test. names ns1.", "cannot be known from here: DNS: that is for the nodes", "cannot be known from here: STUN: that is for the nodes",
		"cannot be known from here: TURN: that is for the nodes", "    → run this check on each node", "cannot be known from here: HTTPS 127.0.0.1:", "ok: certificate of broken.sig.",
		"cannot be known from here: DNS from outside, UDP: the resolver is on this machine", // so the report came
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no line %q", want)
		}
	}
	if code != exitOK || strings.Contains(text, "\nwrong: ") {
		t.Errorf("exit code %d", code)
	}
	if t.Failed() {
		t.Log(text, errs.String())
	}
}

func (w *tree) add(lines ...string) { w.delegate = append(w.delegate, lines...) }

func (w *tree) drop(what string) {
	var kept []string
	for _, line := range w.delegate {
		if !strings.Contains(line, what) {
			kept = append(kept, line)
		}
	}
	w.delegate = kept
}

// TestCheckUsage: what a person forgets is named.
func TestCheckUsage(t *testing.T) {
	for args, want := range map[string]string{
		"check": "needs --zone and --ip4 or --ip6",
		"check --zone a.test --ip4 192.0.2.1 --root x":                                      "-root",
		"check --zone a.test --ip4 192.0.2.1 --resolver 192.0.2.1,192.0.2.2":                "-resolver",
		"check --zone a.test --ip4 192.0.2.1 --authority " + filepath.Join(os.DevNull, "x"): "-authority",
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), &out, &errs); code == exitOK || !strings.Contains(errs.String(), want) || out.Len() > 0 {
			t.Errorf("%s: %d %s %s", args, code, &errs, &out)
		}
	}
}

// TestRegistrar: who starts a server for the Internet reads what the registrar needs.
func TestRegistrar(t *testing.T) {
	s := begin(t, "--zone", "leak.example.org", "--ip4", "192.0.2.1", "--ip6", "2001:db8::1")
	defer end(t, s)
	text := strings.Join(strings.Fields(s.describe()), " ")
	for _, want := range []string{"registrar leak.example.org. NS ns1.leak.example.org.", "registrar ns2.leak.example.org. AAAA 2001:db8::1"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	local := begin(t)
	defer end(t, local)
	if strings.Contains(local.describe(), "registrar") {
		t.Error("on loopback there is nothing to register")
	}
}

// TestPublicDefaults: a certificate and an address are enough for a real domain.
func TestPublicDefaults(t *testing.T) {
	c, err := parse(strings.Fields("--zone leak.example.org --ip4 192.0.2.1 --ip6 2001:db8::1 --tls-cert c --tls-key k --stun :99"), nil)
	got := c.dns.String() + " " + c.stun.String() + " " + c.turn.String() + " " + c.http.String()
	if want := "192.0.2.1:53,[2001:db8::1]:53 :99 :100 192.0.2.1:443,[2001:db8::1]:443"; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}
