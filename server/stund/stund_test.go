package stund

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strings"
	"testing"

	"github.com/pion/stun/v3"
)

var peer = netip.MustParseAddrPort("192.0.2.1:32853")

// vector reads hexadecimal with spaces.
func vector(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.Join(strings.Fields(s), ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The test vectors of RFC 5769.
const (
	// §2.1: carries PRIORITY and ICE-CONTROLLED, for a peer, not for a server.
	sampleRequest = `000100582112a442b7e7a701bc34d686fa87dfae
		802200105354554e207465737420636c69656e74 002400046e0001ff 80290008932ff9b151263b36
		00060009 6576746a3a68367659202020 000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004e57a3bcf`
	// §2.2 and §2.3.
	sampleIPv4 = `0101003c2112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
		002000080001a147e112a643 000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96`
	sampleIPv6 = `010100482112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
		002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9 00080014a382954e4be67bf11784c97c8292c275bfe3ed41
		80280004c8fb0b4c`
	// §2.4: long-term credentials, no FINGERPRINT.
	sampleLongTerm = `000100602112a44278ad3433c6ad72c029da412e 00060012e3839ee38388e383aae38383e382afe382b90000
		0015001c662f2f3439396b3935346436 4f4c33346f4c394653547679363473 41 0014000b6578616d706c652e6f726700
		00080014f67024656dd64a3e02b8e0712e85c9a28ca89666`
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

// TestRFC5769 answers from the addresses of the vectors' responses and expects
// the very bytes of their XOR-MAPPED-ADDRESS.
func TestRFC5769(t *testing.T) {
	bare := append(vector(t, "000100002112a442"), vector(t, sampleRequest)[8:20]...)
	for from, want := range map[string]string{
		"192.0.2.1:32853": sampleIPv4,
		"[2001:db8:1234:5678:11:2233:4455:6677]:32853": sampleIPv6,
	} {
		w := decode(t, vector(t, want))
		wanted, _ := w.Attributes.Get(stun.AttrXORMappedAddress)
		m := decode(t, Answer(nil, bare, netip.MustParseAddrPort(from)))
		got, _ := m.Attributes.Get(stun.AttrXORMappedAddress)
		if !bytes.Equal(got.Value, wanted.Value) {
			t.Errorf("%s: address %x, want %x", from, got.Value, wanted.Value)
		}
	}

	m := decode(t, Answer(nil, vector(t, sampleRequest), peer))
	var unknown stun.UnknownAttributes
	if err := unknown.GetFrom(m); err != nil || len(unknown) != 1 || unknown[0] != stun.AttrPriority {
		t.Errorf("§2.1: unknown %v, %v; want PRIORITY", unknown, err)
	}
	if err := stun.Fingerprint.Check(m); err != nil {
		t.Errorf("§2.1: %v", err)
	}
	if m := decode(t, Answer(nil, vector(t, sampleLongTerm), peer)); m.Type != stun.BindingSuccess {
		t.Errorf("§2.4: answered %s", m.Type)
	}
	for _, response := range []string{sampleIPv4, sampleIPv6} {
		if a := Answer(nil, vector(t, response), peer); a != nil {
			t.Errorf("a response was answered with %x", a)
		}
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
	if a := Answer(nil, ask(t, many...), peer); len(a) > 120 {
		t.Errorf("answer of %d bytes", len(a))
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
	dns := append(vector(t, "1234 0100 0001 0000 0000 0000 03777777 0474657374 00 0001 0001"), make([]byte, 20)...)
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
	for _, s := range []string{sampleRequest, sampleIPv4, sampleIPv6, sampleLongTerm, "000100002112a442000000000000000000000000"} {
		f.Add(vector(f, s))
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
		if len(a) > len(b)+48 {
			t.Fatalf("%d bytes for %d", len(a), len(b))
		}
	})
}

func BenchmarkAnswer(b *testing.B) {
	q := append(vector(b, "000100002112a442"), make([]byte, 12)...)
	out := make([]byte, 0, 128)
	b.ReportAllocs()
	for b.Loop() {
		out = Answer(out[:0], q, peer)
	}
}
