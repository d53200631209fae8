package stund

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pion/stun/v3"
)

// packet is a file of testdata/packets: who sends what, and what must come back.
type packet struct {
	name, expect string
	from         netip.AddrPort
	raw          []byte
}

func packets(t testing.TB) (all []packet) {
	t.Helper()
	files, err := filepath.Glob("testdata/packets/*.txt")
	if err != nil || len(files) < 15 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		p := packet{name: strings.TrimSuffix(filepath.Base(file), ".txt")}
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch key {
			case "from":
				p.from = netip.MustParseAddrPort(value)
			case "expect":
				p.expect = value
			case "hex":
				b, err := hex.DecodeString(strings.ReplaceAll(value, " ", ""))
				if err != nil {
					t.Fatal(file, err)
				}
				p.raw = append(p.raw, b...)
			}
		}
		all = append(all, p)
	}
	return all
}

// tell writes an answer as the files do. It fails on what no answer of ours has.
func tell(t *testing.T, out []byte) string {
	t.Helper()
	if out == nil {
		return "silence"
	}
	m := decode(t, out)
	var text string
	var at stun.XORMappedAddress
	var code stun.ErrorCodeAttribute
	var unknown stun.UnknownAttributes
	switch m.Type {
	case stun.BindingSuccess:
		if err := at.GetFrom(m); err != nil {
			t.Fatal(err)
		}
		text = "success " + at.String()
	case stun.BindingError:
		if err := code.GetFrom(m); err != nil {
			t.Fatal(err)
		}
		text = fmt.Sprintf("%d", code.Code)
		_ = unknown.GetFrom(m)
		for _, kind := range unknown {
			text += fmt.Sprintf(" 0x%04x", uint16(kind))
		}
	default:
		t.Fatalf("answered %s", m.Type)
	}
	if m.Contains(stun.AttrFingerprint) {
		if err := stun.Fingerprint.Check(m); err != nil {
			t.Error(err)
		}
		text += " fingerprint"
	}
	if m.Contains(stun.AttrSoftware) {
		t.Error("tells its SOFTWARE")
	}
	return text
}

// TestPackets answers every file.
func TestPackets(t *testing.T) {
	for _, p := range packets(t) {
		before := bytes.Clone(p.raw)
		out := Answer(nil, p.raw, p.from)
		if got := tell(t, out); got != p.expect {
			t.Errorf("%s: %s, want %s", p.name, got, p.expect)
		}
		if !bytes.Equal(p.raw, before) || out != nil && !bytes.Equal(out[4:20], p.raw[4:20]) {
			t.Errorf("%s: another transaction", p.name)
		}
		if most := map[bool]int{true: 16, false: 22}[p.from.Addr().Unmap().Is4()]; 10*len(out) > most*len(p.raw) {
			t.Errorf("%s: %d octets for %d", p.name, len(out), len(p.raw))
		}
	}
}

// TestRFC5769 answers from the addresses that the RFC's responses tell, with their
// transaction, and expects the very octets of their XOR-MAPPED-ADDRESS.
func TestRFC5769(t *testing.T) {
	tried := 0
	for _, p := range packets(t) {
		if !slices.Contains([]string{"rfc5769-2.2-response-ipv4", "rfc5769-2.3-response-ipv6"}, p.name) {
			continue
		}
		tried++
		wanted, err := decode(t, p.raw).Get(stun.AttrXORMappedAddress)
		if err != nil {
			t.Fatal(err)
		}
		bare := append([]byte{0, 1, 0, 0}, p.raw[4:20]...)
		got, err := decode(t, Answer(nil, bare, p.from)).Get(stun.AttrXORMappedAddress)
		if err != nil || !bytes.Equal(got, wanted) {
			t.Errorf("%s: address %x, want %x", p.name, got, wanted)
		}
	}
	if tried != 2 {
		t.Errorf("%d files", tried)
	}
}
