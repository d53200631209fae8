package check

import (
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"watertight/server/authdns"
	"watertight/server/dnssec"
	"watertight/server/sightings"
)

// TestSignaturesOfNow: the server signs at the moment of asking, so a signature that is not
// of now tells of two clocks, even where a time service keeps this one.
func TestSignaturesOfNow(t *testing.T) {
	for _, test := range []struct {
		name  string
		apart time.Duration
		want  State
	}{{"together", 0, OK}, {"the server is late", -30 * 24 * time.Hour, Wrong}, {"the server is early", 30 * 24 * time.Hour, Wrong}} {
		at := signing(t, func() time.Time { return time.Now().Add(test.apart) })
		var got Line
		r := &run{
			Config: Config{Zone: "a.test", IPv4: at.Addr(), DNS: at.Port(), Now: time.Now, Clock: func() (bool, bool) { return true, true }},
			ctx:    t.Context(), tell: func(l Line) { got = l },
		}
		r.clock()
		if got.State != test.want || (got.State == Wrong) != strings.Contains(got.Found, "signatures of 127.0.0.1 are not of now") || (got.Mend != "") != (got.State == Wrong) {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}

// signing serves a signed zone over TCP by a clock.
func signing(t *testing.T, now func() time.Time) netip.AddrPort {
	t.Helper()
	key, err := dnssec.Generate()
	if err != nil {
		t.Fatal(err)
	}
	h, err := authdns.New(authdns.Config{Zone: "a.test", IPv4: netip.MustParseAddr("192.0.2.53"), Key: key, Now: now, Record: func(sightings.Observation) {}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &dns.Server{Listener: l, Handler: dns.HandlerFunc(func(out dns.ResponseWriter, q *dns.Msg) {
		packet, _ := q.Pack()
		_, _ = out.Write(h.Answer(nil, packet, out.RemoteAddr().(*net.TCPAddr).AddrPort(), sightings.TCP))
	})}
	ready := make(chan struct{})
	s.NotifyStartedFunc = func() { close(ready) }
	go s.ActivateAndServe() //nolint:errcheck // ends with the test
	<-ready
	t.Cleanup(func() { _ = s.Shutdown() })
	return l.Addr().(*net.TCPAddr).AddrPort()
}
