package cut

import (
	"math/rand/v2"
	"net/netip"
	"os"
	"strings"
	"testing"

	"watertight/server/asn"
	"watertight/server/asn/pack"
)

// TestSame: whatever is asked, slices answer as the whole does. Addresses are chosen at
// the ends of ranges, where a cut could go wrong, and at random.
func TestSame(t *testing.T) {
	raw, err := os.ReadFile("../networks.bin.zst")
	if err != nil {
		t.Fatal(err)
	}
	d, err := pack.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := asn.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	own := asn.Empty()
	if err := own.AddFile("test", strings.NewReader("192.0.2.0/24,64510,Example VPN,SE\n9.9.9.0/24,,,,resolver\n")); err != nil {
		t.Fatal(err)
	}
	whole = whole.With(own)
	files := map[string][]byte{}
	slices := Cut(d)
	fetch := func(name string) ([]byte, bool) {
		s := slices[name]
		if s == nil {
			return nil, true
		}
		if files[name] == nil { // none twice
			b, err := pack.Encode(s)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = b
		}
		return files[name], true
	}
	cut := New(own, d.Date, fetch)
	var ask []netip.Addr
	r := rand.New(rand.NewPCG(1, 2))
	for i := 0; i < len(d.ASN4); i += 1 + r.IntN(500) {
		ask = append(ask, pack.Addr4(d.ASN4[i].Start), pack.Addr4(d.ASN4[i].End), pack.Addr4(d.ASN4[i].End+1))
	}
	for i := 0; i < len(d.ASN6); i += 1 + r.IntN(300) {
		ask = append(ask, d.ASN6[i].Start.Addr(), d.ASN6[i].End.Addr(), d.ASN6[i].End.Next().Addr())
	}
	for range 500 {
		ask = append(ask, pack.Addr4(r.Uint32()))
	}
	ask = append(ask, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("9.9.9.9"), netip.MustParseAddr("::ffff:9.9.9.9"),
		netip.MustParseAddr("fe80::1%eth0"), netip.MustParseAddr("::1"), netip.Addr{}, netip.MustParseAddr("ff02::1"))
	known := 0
	for _, a := range ask {
		want, ok := whole.Lookup(a)
		got, found := cut.Lookup(a)
		if got != want || found != ok {
			t.Fatalf("%s: %+v %v, want %+v %v", a, got, found, want, ok)
		}
		if ok {
			known++
		}
	}
	if known < len(ask)/2 || cut.Date() != whole.Date() {
		t.Errorf("%d of %d are known, %s", known, len(ask), cut.Date())
	}
	if len(cut.kept) > most || len(cut.old) != len(cut.kept) {
		t.Errorf("%d slices are kept, in a list of %d", len(cut.kept), len(cut.old))
	}
}

// TestAway: a slice that cannot be had makes networks unknown, not wrong, and is asked
// for again.
func TestAway(t *testing.T) {
	away, asked := true, 0
	slice := &pack.Data{Date: "2026-01-01", AS: []pack.AS{{Number: 64500, Org: "Example"}}, ASN4: []pack.Range4{{Start: 9 << 24, End: 10<<24 - 1}}}
	file, err := pack.Encode(slice)
	if err != nil {
		t.Fatal(err)
	}
	cut := New(asn.Empty(), slice.Date, func(name string) ([]byte, bool) {
		asked++
		if name != "4-9" || away {
			return nil, !away
		}
		return file, true
	})
	a := netip.MustParseAddr("9.9.9.9")
	for range 2 {
		if n, ok := cut.Lookup(a); ok {
			t.Errorf("%+v", n)
		}
	}
	away = false
	for range 2 {
		if n, ok := cut.Lookup(a); !ok || n.ASN != 64500 {
			t.Errorf("%+v %v", n, ok)
		}
		if n, ok := cut.Lookup(netip.MustParseAddr("8.8.8.8")); ok {
			t.Errorf("%+v", n)
		}
	}
	if asked != 4 {
		t.Errorf("asked %d times", asked)
	}
	if n, ok := New(asn.Empty(), "", nil).Lookup(a); ok {
		t.Errorf("without open data: %+v", n)
	}
}
