package turnd

import (
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v3"

	"watertight/server/sightings"
)

const tok = "abcdefghijklmnopqrstuv2345"

var peer = netip.MustParseAddrPort("198.51.100.10:40000")

type attested struct {
	token string
	path  sightings.Path
}

func handler() (*Handler, *[]attested) {
	var seen []attested
	return New(func(t sightings.Token, p sightings.Path) { seen = append(seen, attested{string(t[:]), p}) }), &seen
}

// transport is REQUESTED-TRANSPORT: UDP (RFC 8656 §18.7).
var transport = stun.RawAttribute{Type: stun.AttrRequestedTransport, Value: []byte{17, 0, 0, 0}}

var allocate = stun.NewType(stun.MethodAllocate, stun.ClassRequest)

func build(t testing.TB, with ...stun.Setter) []byte {
	t.Helper()
	m, err := stun.Build(append([]stun.Setter{stun.TransactionID, allocate, transport}, with...)...)
	if err != nil {
		t.Fatal(err)
	}
	return m.Raw
}

// ask decodes with pion, and checks what holds of every answer.
func ask(t *testing.T, h *Handler, packet []byte, from netip.AddrPort) *stun.Message {
	t.Helper()
	out := h.Answer([]byte("before"), packet, from, sightings.UDP)
	if out == nil {
		return nil
	}
	m := new(stun.Message)
	if err := stun.Decode(out[len("before"):], m); err != nil || m.Type.Class != stun.ClassErrorResponse || string(m.TransactionID[:]) != string(packet[8:20]) {
		t.Fatalf("answer %v, %v", m, err)
	}
	if m.Contains(stun.AttrFingerprint) && stun.Fingerprint.Check(m) != nil {
		t.Error("wrong FINGERPRINT")
	}
	return m
}

func code(m *stun.Message) stun.ErrorCode {
	var c stun.ErrorCodeAttribute
	if m == nil || c.GetFrom(m) != nil {
		return 0
	}
	return c.Code
}

// nonce asks for a challenge.
func nonce(t *testing.T, h *Handler, from netip.AddrPort) stun.Nonce {
	t.Helper()
	var n stun.Nonce
	if err := n.GetFrom(ask(t, h, build(t), from)); err != nil {
		t.Fatal(err)
	}
	return n
}

func signed(t testing.TB, user, realm, password string, n stun.Nonce, more ...stun.Setter) []byte {
	return build(t, append([]stun.Setter{stun.NewUsername(user), stun.NewRealm(realm), n,
		stun.NewLongTermIntegrity(user, realm, password)}, more...)...)
}

func TestAttests(t *testing.T) {
	h, seen := handler()
	for _, from := range []string{"198.51.100.10:40000", "[::ffff:198.51.100.10]:1", "[2001:db8::1]:5", "[fe80::1%eth0]:5"} {
		*seen = nil
		at := netip.MustParseAddrPort(from)
		m := ask(t, h, signed(t, tok, Realm, Password, nonce(t, h, at), stun.Fingerprint), at)
		if code(m) != stun.CodeInsufficientCapacity || !m.Contains(stun.AttrFingerprint) {
			t.Errorf("%s: %v", from, m)
		}
		if err := stun.NewLongTermIntegrity(tok, Realm, Password).Check(m); err != nil {
			t.Errorf("%s: the refusal is not signed: %v", from, err)
		}
		want := attested{tok, sightings.Path{Transport: sightings.UDP, Address: at.Addr().Unmap().WithZone("")}}
		if len(*seen) != 1 || (*seen)[0] != want {
			t.Errorf("%s: %v", from, *seen)
		}
	}
}

// TestRefuses: nothing but the whole exchange, from one address, proves a path.
func TestRefuses(t *testing.T) {
	h, seen := handler()
	now := time.Unix(1e9, 0)
	h.nonces.now = func() time.Time { return now }
	good := nonce(t, h, peer)
	other := netip.MustParseAddrPort("198.51.100.11:40000")
	changed := signed(t, tok, Realm, Password, good)
	changed[headerSize+attrHeader]++ // REQUESTED-TRANSPORT
	late := signed(t, tok, Realm, Password, good)
	const unauthorized, stale, bad = stun.CodeUnauthorized, stun.CodeStaleNonce, stun.CodeBadRequest
	for name, test := range map[string]struct {
		packet []byte
		from   netip.AddrPort
		want   stun.ErrorCode
	}{
		"no credentials":    {build(t), peer, unauthorized},
		"wrong password":    {signed(t, tok, Realm, "password", good), peer, unauthorized},
		"wrong realm":       {signed(t, tok, "other", Password, good), peer, unauthorized},
		"no token":          {signed(t, "user", Realm, Password, good), peer, unauthorized},
		"upper case":        {signed(t, strings.ToUpper(tok), Realm, Password, good), peer, unauthorized},
		"changed":           {changed, peer, unauthorized},
		"another's nonce":   {late, other, stale},
		"invented nonce":    {signed(t, tok, Realm, Password, stun.NewNonce("abcdefghijkl")), peer, stale},
		"short nonce":       {signed(t, tok, Realm, Password, good[:11]), peer, stale},
		"no nonce":          {build(t, stun.NewUsername(tok), stun.NewRealm(Realm), stun.NewLongTermIntegrity(tok, Realm, Password)), peer, bad},
		"no user name":      {build(t, stun.NewRealm(Realm), good, stun.NewLongTermIntegrity(tok, Realm, Password)), peer, bad},
		"sealed before":     {build(t, stun.NewLongTermIntegrity(tok, Realm, Password), stun.NewUsername(tok), stun.NewRealm(Realm), good), peer, bad},
		"short integrity":   {build(t, stun.RawAttribute{Type: stun.AttrMessageIntegrity, Value: make([]byte, 4)}), peer, 0},
		"from port 0":       {late, netip.AddrPortFrom(peer.Addr(), 0), 0},
		"wrong fingerprint": {append(late[:len(late):len(late)], 0x80, 0x28, 0, 4, 1, 2, 3, 4), peer, 0},
	} {
		m := ask(t, h, test.packet, test.from)
		if code(m) != test.want || len(*seen) != 0 {
			t.Errorf("%s: %d, want %d, %v", name, code(m), test.want, *seen)
		}
		if again := test.want == unauthorized || test.want == stale; m != nil && (m.Contains(stun.AttrNonce) != again || m.Contains(stun.AttrRealm) != again) {
			t.Errorf("%s: challenge is %v", name, !again)
		}
	}
	for _, test := range []struct {
		after time.Duration
		want  stun.ErrorCode
	}{{nonceLife, stun.CodeInsufficientCapacity}, {nonceLife, stun.CodeStaleNonce}} {
		now = now.Add(test.after)
		if m := ask(t, h, late, peer); code(m) != test.want {
			t.Errorf("later: %d, want %d", code(m), test.want)
		}
	}
}

// TestGain: strangers get at most twice what they send, and the smallest request
// of a browser is enough for the challenge.
func TestGain(t *testing.T) {
	h, _ := handler()
	small := build(t) // 28 bytes: Chromium's first packet
	for name, packet := range map[string][]byte{
		"Chromium": small,
		"pion":     build(t, stun.Fingerprint),
		"sealed":   build(t, stun.NewLongTermIntegrity(tok, Realm, Password)),
	} {
		if out := h.Answer(nil, packet, peer, sightings.UDP); len(out) == 0 || len(out) > maxGain*len(packet) {
			t.Errorf("%s: %d bytes for %d", name, len(out), len(packet))
		}
	}
	bare := stun.MustBuild(stun.TransactionID, allocate).Raw
	if out := h.Answer(nil, bare, peer, sightings.UDP); out != nil {
		t.Errorf("%d bytes for %d", len(out), len(bare))
	}
	if out := h.Answer(nil, bare, peer, sightings.TCP); out == nil {
		t.Error("over TCP an address cannot be forged")
	}
}

func TestSilence(t *testing.T) {
	h, _ := handler()
	for _, kind := range []stun.MessageType{
		stun.NewType(stun.MethodAllocate, stun.ClassIndication), stun.NewType(stun.MethodAllocate, stun.ClassSuccessResponse),
		stun.NewType(stun.MethodRefresh, stun.ClassRequest), stun.NewType(stun.MethodSend, stun.ClassIndication),
	} {
		if out := h.Answer(nil, stun.MustBuild(stun.TransactionID, kind, transport).Raw, peer, sightings.UDP); out != nil {
			t.Errorf("%v: %x", kind, out)
		}
	}
	if out := h.Answer(nil, stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw, peer, sightings.UDP); len(out) == 0 {
		t.Error("Binding was not answered")
	}
}

func FuzzAnswer(f *testing.F) {
	h, seen := handler()
	f.Add(build(f))
	f.Add(build(f, stun.Fingerprint))
	f.Add(signed(f, tok, Realm, Password, stun.NewNonce("abcdefghijkl"), stun.Fingerprint))
	f.Add(build(f, stun.NewUsername(tok), stun.NewUsername("x"), stun.NewShortTermIntegrity("x"), stun.NewRealm("y")))
	f.Fuzz(func(t *testing.T, packet []byte) {
		out := h.Answer(nil, packet, peer, sightings.UDP)
		if len(*seen) != 0 {
			t.Fatal("a path was proven without a nonce")
		}
		if out == nil {
			return
		}
		m := new(stun.Message)
		if err := stun.Decode(out, m); err != nil || len(out)%4 != 0 || len(out) != 20+int(m.Length) {
			t.Fatalf("%x: %v", out, err)
		}
		if m.Type.Method == stun.MethodAllocate && len(out) > maxGain*len(packet) {
			t.Fatalf("%d bytes for %d", len(out), len(packet))
		}
	})
}

// TestClockSteps: a nonce of before a step is stale, and the next one is good.
func TestClockSteps(t *testing.T) {
	h, seen := handler()
	now := time.Unix(1e9, 0)
	h.nonces.now = func() time.Time { return now }
	for _, step := range []time.Duration{24 * time.Hour, -24 * time.Hour, -12 * 365 * 24 * time.Hour} {
		old := nonce(t, h, peer)
		now = now.Add(step)
		if m := ask(t, h, signed(t, tok, Realm, Password, old), peer); code(m) != stun.CodeStaleNonce {
			t.Errorf("%v: %d", step, code(m))
		}
		if m := ask(t, h, signed(t, tok, Realm, Password, nonce(t, h, peer)), peer); code(m) != stun.CodeInsufficientCapacity {
			t.Errorf("%v: %d", step, code(m))
		}
	}
	if len(*seen) != 3 {
		t.Errorf("%v", *seen)
	}
}
