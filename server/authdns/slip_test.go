package authdns

import (
	"bytes"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func TestSlip(t *testing.T) {
	q := query("F0."+strings.ToUpper(tok)+"."+zone, dns.TypeAAAA)
	q.SetEdns0(4096, true)
	b, _ := q.Pack()
	out := Slip([]byte("x"), b)
	m := new(dns.Msg)
	if err := m.Unpack(out[1:]); err != nil || len(out)-1 > len(b) {
		t.Fatalf("%d bytes for %d, %v", len(out), len(b), err)
	}
	if !m.Response || !m.Truncated || m.Id != q.Id || m.RecursionDesired != q.RecursionDesired || m.Rcode != dns.RcodeSuccess ||
		len(m.Question) != 1 || m.Question[0] != q.Question[0] || len(m.Answer)+len(m.Ns)+len(m.Extra) != 0 {
		t.Errorf("%v", m)
	}
	reply := bytes.Clone(b)
	reply[2] |= 0x80
	two := bytes.Clone(b)
	two[5] = 2
	for name, p := range map[string][]byte{"reply": reply, "two questions": two, "short": b[:11], "cut name": b[:20], "cut type": b[:len(b)-15], "nothing": nil} {
		if out := Slip(nil, p); out != nil {
			t.Errorf("%s: %x", name, out)
		}
	}
}

func FuzzSlip(f *testing.F) {
	b, _ := query(zone, dns.TypeA).Pack()
	f.Add(b)
	f.Add(append(b[:12:12], 0xc0, 12, 0, 1, 0, 1))
	f.Fuzz(func(t *testing.T, packet []byte) {
		out := Slip(nil, packet)
		if len(out) > len(packet) {
			t.Fatalf("%d bytes for %d", len(out), len(packet))
		}
		var m dns.Msg
		if err := m.Unpack(out); out != nil && (!m.Truncated || !m.Response || err != nil && len(m.Question) == 1) {
			t.Fatalf("%v, %v", &m, err)
		}
	})
}
