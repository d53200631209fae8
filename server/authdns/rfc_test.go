package authdns

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/server/dnssec"
	"watertight/server/sightings"
)

// TestRFC plays testdata/rfc: one file for each document, one block for each rule.
// A block has a line "case", lines "ask" (questionOf reads them), and what comes
// back; what it does not name must not be there:
//
//	rcode NXDOMAIN          flags aa rd            silence
//	answer RECORD           authority RECORD       additional RECORD
//	edns OPTIONS            sighting LABEL
//
// Signatures are written "RRSIG TYPE valid" or "wrong". ZONE, TOKEN and LONG stand
// for themselves.
func TestRFC(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all := strings.NewReplacer("ZONE", zone, "TOKEN", tok, "LONG", longest).Replace(string(text))
			blocks := strings.Split(all, "\ncase ")
			if len(blocks) < 2 {
				t.Fatal("no case")
			}
			for _, block := range blocks[1:] {
				name, body, _ := strings.Cut(block, "\n")
				t.Run(name, func(t *testing.T) { playCase(t, body) })
			}
		})
	}
}

// rfcZone has everything on.
func rfcZone(t *testing.T) (*Handler, *dns.DNSKEY, *[]string) {
	t.Helper()
	var labels []string
	key, err := dnssec.Generate()
	if err != nil {
		t.Fatal(err)
	}
	h, err := New(Config{
		Zone: "watertight.test", IPv4: netip.MustParseAddr("203.0.113.53"), IPv6: netip.MustParseAddr("2001:db8:53::53"),
		Key: key, CAA: []string{"ca.example"}, Text: []string{`say "hello"`}, Now: now,
		Record: func(o sightings.Observation) {
			labels = append(labels, strings.TrimSpace("sighting "+o.Label.String()))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, key.DNSKEY(sig), &labels
}

// playCase asks every question of a block; all must be answered alike.
func playCase(t *testing.T, body string) {
	var asked []question
	var want []string
	for line := range strings.Lines(body) {
		line = strings.Join(strings.Fields(line), " ")
		switch rest, isAsk := strings.CutPrefix(line, "ask "); {
		case line == "" || strings.HasPrefix(line, "#"):
		case isAsk:
			asked = append(asked, questionOf(t, rest))
		default:
			want = append(want, strings.TrimSpace(line))
		}
	}
	if len(asked) == 0 || len(want) == 0 {
		t.Fatal("asks nothing, or expects nothing")
	}
	for _, q := range asked {
		h, key, seen := rfcZone(t)
		out := h.Answer(nil, q.packet, q.from, q.over)
		got := []string{"silence"}
		if out != nil {
			got = tell(t, out, key)
		}
		got = append(got, *seen...)
		if !slices.Equal(got, want) {
			t.Errorf("%s\ngot\n  %s\nwant\n  %s", q.text, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
		if q.over == sightings.UDP && len(out) > udpSize {
			t.Errorf("%s: %d octets over UDP", q.text, len(out))
		}
	}
}

// tell writes an answer as the files do.
func tell(t *testing.T, packet []byte, key *dns.DNSKEY) (lines []string) {
	t.Helper()
	var m dns.Msg
	if err := m.Unpack(packet); err != nil {
		t.Fatalf("%x: %v", packet, err)
	}
	var flags string
	for _, f := range []struct {
		set  bool
		name string
	}{{m.Authoritative, "aa"}, {m.Truncated, "tc"}, {m.RecursionDesired, "rd"}, {m.RecursionAvailable, "ra"}, {m.Zero, "z"}, {m.AuthenticatedData, "ad"}, {m.CheckingDisabled, "cd"}} {
		if f.set {
			flags += " " + f.name
		}
	}
	rcode := dns.RcodeToString[m.Rcode]
	if m.Rcode == dns.RcodeBadVers {
		rcode = "BADVERS"
	}
	lines = append(lines, "rcode "+rcode, "flags"+flags)
	for _, s := range []struct {
		name string
		rrs  []dns.RR
	}{{"answer", m.Answer}, {"authority", m.Ns}, {"additional", m.Extra}} {
		for _, rr := range s.rrs {
			if _, ok := rr.(*dns.OPT); !ok {
				lines = append(lines, s.name+" "+oneRecord(rr, s.rrs, key))
			}
		}
	}
	if o := m.IsEdns0(); o != nil {
		lines = append(lines, "edns"+tellOPT(o))
	}
	return lines
}

func tellOPT(o *dns.OPT) string {
	text := fmt.Sprintf(" version=%d size=%d", o.Version(), o.UDPSize())
	if o.Do() {
		text += " do"
	}
	if o.Co() {
		text += " co"
	}
	if o.Z() != 0 {
		text += fmt.Sprintf(" z=%x", o.Z())
	}
	for _, one := range o.Option {
		switch one := one.(type) {
		case *dns.EDNS0_COOKIE:
			text += fmt.Sprintf(" cookie=%s+%d", one.Cookie[:16], (len(one.Cookie)-16)/2)
		case *dns.EDNS0_SUBNET:
			text += fmt.Sprintf(" subnet=%s/%d/%d", one.Address, one.SourceNetmask, one.SourceScope)
		case *dns.EDNS0_EDE:
			text += fmt.Sprintf(" error=%d", one.InfoCode)
		default:
			text += fmt.Sprintf(" option=%d", one.Option())
		}
	}
	return text
}

func oneRecord(rr dns.RR, section []dns.RR, key *dns.DNSKEY) string {
	switch rr := rr.(type) {
	case *dns.RRSIG:
		var set []dns.RR
		for _, other := range section {
			if h := other.Header(); h.Rrtype == rr.TypeCovered && strings.EqualFold(h.Name, rr.Hdr.Name) {
				set = append(set, other)
			}
		}
		verdict := "valid"
		if rr.Verify(key, set) != nil || !rr.ValidityPeriod(now()) {
			verdict = "wrong"
		}
		return fmt.Sprintf("%s %d RRSIG %s %s", rr.Hdr.Name, rr.Hdr.Ttl, dns.TypeToString[rr.TypeCovered], verdict)
	case *dns.DNSKEY:
		return fmt.Sprintf("%s %d DNSKEY %d %d %d", rr.Hdr.Name, rr.Hdr.Ttl, rr.Flags, rr.Protocol, rr.Algorithm)
	}
	fields := strings.Fields(rr.String())
	return strings.Join(append(fields[:2:2], fields[3:]...), " ")
}
