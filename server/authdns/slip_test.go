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
		len(m.Question) != 1 || m.Question[0] != q.Question[0] || len(m.Answer)+len(m.Ns) != 0 || len(m.Extra) != 1 {
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

// TestSlipEDNS: who speaks EDNS is answered in it, as RFC 6891 §6.1.1 wants, wherever the
// OPT record stands; who does not is not.
func TestSlipEDNS(t *testing.T) {
	plain := query(zone, dns.TypeA)
	rich := plain.Copy()
	rich.SetEdns0(4096, true)
	rich.IsEdns0().Option = []dns.EDNS0{&dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0011223344556677"}}
	bare := plain.Copy()
	bare.SetEdns0(512, false)
	second := rich.Copy()
	txt, _ := dns.NewRR("watertight.test. 60 IN TXT \"first\"")
	second.Extra = append([]dns.RR{txt}, second.Extra...)
	newer := bare.Copy()
	newer.IsEdns0().SetVersion(7)
	for name, test := range map[string]struct {
		q    *dns.Msg
		want string
	}{
		"none": {plain, ""}, "with options": {rich, "edns version=0 size=1232 do"}, "empty": {bare, "edns version=0 size=1232"},
		"behind another": {second, "edns version=0 size=1232 do"}, "of another version": {newer, "edns version=0 size=1232"},
	} {
		packet, err := test.q.Pack()
		if err != nil {
			t.Fatal(err)
		}
		out := Slip(nil, packet)
		var m dns.Msg
		if err := m.Unpack(out); err != nil || len(out) > len(packet) {
			t.Fatalf("%s: %d octets for %d, %v", name, len(out), len(packet), err)
		}
		got := ""
		if o := m.IsEdns0(); o != nil {
			got = "edns" + tellOPT(o)
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func FuzzSlip(f *testing.F) {
	b, _ := query(zone, dns.TypeA).Pack()
	f.Add(b)
	f.Add(append(b[:12:12], 0xc0, 12, 0, 1, 0, 1))
	q := query(zone, dns.TypeA)
	q.SetEdns0(1232, true)
	b, _ = q.Pack()
	f.Add(b)
	f.Add(b[:len(b)-1])
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
