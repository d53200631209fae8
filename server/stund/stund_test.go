package stund

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/pion/stun/v3"
)

var (
	peer  = netip.MustParseAddrPort("192.0.2.1:32853")
	peer6 = netip.MustParseAddrPort("[2001:db8::1]:32853")
)

func decode(t *testing.T, b []byte) *stun.Message {
	t.Helper()
	m := new(stun.Message)
	if err := stun.Decode(b, m); err != nil {
		t.Fatalf("decode answer: %v", err)
	}
	if len(m.Raw) != 20+int(m.Length) || len(m.Raw)%4 != 0 {
		t.Fatalf("answer of %d bytes says %d", len(m.Raw), m.Length)
	}
	return m
}

func ask(t *testing.T, with ...stun.Setter) []byte {
	t.Helper()
	m, err := stun.Build(append([]stun.Setter{stun.TransactionID, stun.BindingRequest}, with...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

func TestBinding(t *testing.T) {
	for _, from := range []string{"192.0.2.1:32853", "[2001:db8:1234:5678:11:2233:4455:6677]:32853", "[::ffff:192.0.2.1]:32853", "127.0.0.1:1", "[::1]:65535"} {
		t.Run(from, func(t *testing.T) {
			ap := netip.MustParseAddrPort(from)
			q := ask(t)
			m := decode(t, Answer(nil, q, ap))
			var x stun.XORMappedAddress
			if err := x.GetFrom(m); err != nil {
				t.Fatal(err)
			}
			got, _ := netip.AddrFromSlice(x.IP)
			if got.Unmap() != ap.Addr().Unmap() || x.Port != int(ap.Port()) {
				t.Errorf("told %s", x)
			}
			if m.Type != stun.BindingSuccess || !bytes.Equal(m.TransactionID[:], q[8:20]) {
				t.Errorf("answered %s", m.Type)
			}
			if len(m.Attributes) != 1 {
				t.Errorf("attributes %v, want the address alone", m.Attributes)
			}
		})
	}
}

func TestUnknownAttributes(t *testing.T) {
	q := ask(t,
		stun.RawAttribute{Type: 0x0003, Value: []byte{0, 0, 0, 6}}, // CHANGE-REQUEST
		stun.RawAttribute{Type: 0x7fff},
		stun.RawAttribute{Type: 0x0003, Value: []byte{0, 0, 0, 0}},
		stun.RawAttribute{Type: 0xc057, Value: []byte{1}}, // optional
		stun.NewSoftware("test"),
	)
	m := decode(t, Answer(nil, q, peer))
	var code stun.ErrorCodeAttribute
	if err := code.GetFrom(m); err != nil || code.Code != stun.CodeUnknownAttribute || m.Type != stun.BindingError {
		t.Errorf("%s, %v, %v", m.Type, code, err)
	}
	var unknown stun.UnknownAttributes
	if err := unknown.GetFrom(m); err != nil || len(unknown) != 2 || unknown[0] != 0x0003 || unknown[1] != 0x7fff {
		t.Errorf("unknown %v, %v", unknown, err)
	}
	var many []stun.Setter
	for i := range 200 {
		many = append(many, stun.RawAttribute{Type: stun.AttrType(0x1000 + i)})
	}
	for n := range many { // one attribute is the worst
		q := ask(t, many[:n]...)
		if four, six := Answer(nil, q, peer), Answer(nil, q, peer6); len(four) == 0 || 10*len(four) > 16*len(q) || 10*len(six) > 22*len(q) {
			t.Errorf("%d attributes: %d and %d octets for %d", n, len(four), len(six), len(q))
		}
	}
	// What follows MESSAGE-INTEGRITY does not count (§14.5).
	q = ask(t, stun.NewShortTermIntegrity("x"), stun.RawAttribute{Type: 0x7fff}, stun.Fingerprint)
	if m := decode(t, Answer(nil, q, peer)); m.Type != stun.BindingSuccess {
		t.Errorf("answered %s to an attribute that must be ignored", m.Type)
	}
}

func TestFingerprint(t *testing.T) {
	q := ask(t, stun.NewUsername("evtj:h6vY"), stun.Fingerprint)
	m := decode(t, Answer(nil, q, peer))
	if err := stun.Fingerprint.Check(m); err != nil {
		t.Errorf("our fingerprint: %v", err)
	}
	for i := range q {
		bad := bytes.Clone(q)
		bad[i] ^= 0x10
		if i == len(q)-8 || i == len(q)-7 {
			continue // the attribute's type: then it is another, optional attribute
		}
		if a := Answer(nil, bad, peer); a != nil {
			t.Errorf("byte %d changed and still answered", i)
		}
	}
	if a := Answer(nil, ask(t, stun.Fingerprint, stun.NewUsername("x")), peer); a != nil {
		t.Error("FINGERPRINT was not last and still answered")
	}
}

func TestSilence(t *testing.T) {
	good := ask(t, stun.NewUsername("abc"))
	change := func(f func(b []byte) []byte) []byte { return f(bytes.Clone(good)) }
	for name, b := range map[string][]byte{
		"empty":          {},
		"short":          good[:19],
		"cut":            good[:len(good)-1],
		"trailing":       append(bytes.Clone(good), 0, 0, 0, 0),
		"no cookie":      change(func(b []byte) []byte { b[4]++; return b }),
		"indication":     change(func(b []byte) []byte { b[1] = 0x11; return b }),
		"success":        change(func(b []byte) []byte { b[0] = 0x01; return b }),
		"allocate":       change(func(b []byte) []byte { b[1] = 0x03; return b }),
		"first bits":     change(func(b []byte) []byte { b[0] |= 0x80; return b }),
		"attribute long": change(func(b []byte) []byte { b[23] = 0xff; return b }),
		"odd length":     change(func(b []byte) []byte { b[3]++; return append(b, 0) }),
	} {
		if a := Answer(nil, b, peer); a != nil {
			t.Errorf("%s: answered %x", name, a)
		}
	}
	for _, from := range []netip.AddrPort{{}, netip.MustParseAddrPort("192.0.2.1:0")} {
		if a := Answer(nil, good, from); a != nil {
			t.Errorf("answered to %v", from)
		}
	}
}

func TestIs(t *testing.T) {
	dns := append([]byte("\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x04test\x00\x00\x01\x00\x01"), make([]byte, 20)...)
	if Is(dns) || !Is(ask(t)) || Is(nil) {
		t.Error("DNS and STUN are mixed up")
	}
}

func TestAppends(t *testing.T) {
	out := Answer([]byte("before"), ask(t, stun.Fingerprint), peer)
	rest, ok := bytes.CutPrefix(out, []byte("before"))
	if !ok {
		t.Fatal("what was there is gone")
	}
	if err := stun.Fingerprint.Check(decode(t, rest)); err != nil {
		t.Error(err)
	}
}

// FuzzAnswer: never a crash, never an answer that pion cannot read, never one to
// anything but a Binding request, never much more than was sent.
func FuzzAnswer(f *testing.F) {
	for _, p := range packets(f) {
		f.Add(p.raw)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		a := Answer(nil, b, peer)
		if !bytes.Equal(b, before) {
			t.Fatal("the packet was changed")
		}
		if a == nil {
			return
		}
		m := decode(t, a)
		if !Is(b) || b[0] != 0 || b[1] != 1 || !bytes.Equal(m.TransactionID[:], b[8:20]) {
			t.Fatalf("answered %x with %x", b, a)
		}
		if 10*len(a) > 16*len(b) {
			t.Fatalf("%d bytes for %d", len(a), len(b))
		}
		if six := Answer(nil, b, peer6); 10*len(six) > 22*len(b) {
			t.Fatalf("%d bytes for %d over IPv6", len(six), len(b))
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	q := stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw
	out := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		out = Answer(out[:0], q, peer)
	}
}
