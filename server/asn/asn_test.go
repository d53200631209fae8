package asn

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"watertight/server/asn/pack"
)

func open(t testing.TB) *Table {
	t.Helper()
	table, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func show(n Network, ok bool) string {
	if !ok {
		return "nobody"
	}
	return fmt.Sprintf("%s AS%d %s %s %s", n.Prefix, n.ASN, n.Org, n.Country, n.Kind)
}

// TestOpen asks the committed data about addresses that have belonged to the
// same networks for many years.
func TestOpen(t *testing.T) {
	table := open(t)
	for address, asn := range map[string]uint32{
		"8.8.8.8": 15169, "::ffff:8.8.8.8": 15169, "1.1.1.1": 13335, "9.9.9.9": 19281, "193.0.6.139": 3333,
		"2001:4860:4860::8888": 15169, "2606:4700:4700::1111": 13335, "2620:fe::fe": 19281, "2001:67c:2e8:22::c100:68b": 3333,
	} {
		a := netip.MustParseAddr(address)
		n, ok := table.Lookup(a)
		if !ok || n.ASN != asn || n.Org == "" || !n.Prefix.Contains(a.Unmap()) || n.Prefix != n.Prefix.Masked() {
			t.Errorf("%s: %s, want AS%d", address, show(n, ok), asn)
		}
	}
	if n, _ := table.Lookup(netip.MustParseAddr("193.0.6.139")); n.Country != "NL" {
		t.Errorf("RIPE is in %q", n.Country)
	}
	if d := table.Date(); len(d) != len("2006-01-02") || d < "2026" {
		t.Errorf("data of %q", d)
	}
}

func TestSpecial(t *testing.T) {
	table := open(t)
	for _, address := range []string{
		"0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "169.254.1.1", "172.16.0.1", "172.31.255.255",
		"192.0.0.9", "192.0.2.1", "192.168.1.10", "198.18.0.1", "198.51.100.10", "203.0.113.53", "224.0.0.251", "255.255.255.255",
		"::", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1", "2001:db8:53::53", "3fff::1", "64:ff9b::808:808", "5f00::1",
		"::ffff:10.0.0.1",
	} {
		if n, ok := table.Lookup(netip.MustParseAddr(address)); ok {
			t.Errorf("%s: %s", address, show(n, ok))
		}
	}
	if n, ok := table.Lookup(netip.Addr{}); ok {
		t.Errorf("no address: %s", show(n, ok))
	}
}

// TestSearch holds the indexed search against a plain walk through all ranges,
// at their edges and at random.
func TestSearch(t *testing.T) {
	p := open(t).open
	d, err := pack.Decode(embedded)
	if err != nil {
		t.Fatal(err)
	}
	for range 60 {
		r := d.ASN4[rand.IntN(len(d.ASN4))]
		for _, v := range []uint32{r.Start, r.End, r.Start - 1, r.End + 1, r.Start + rand.Uint32N(r.End-r.Start+1), rand.Uint32()} {
			want := slow4(d.ASN4, v)
			if got, _ := p.asn4.find(v); got != want {
				t.Fatalf("%s: %v, want %v", pack.Addr4(v), got, want)
			}
		}
	}
	for range 60 {
		r := d.ASN6[rand.IntN(len(d.ASN6))]
		for _, v := range []pack.U128{r.Start, r.End, r.Start.Previous(), r.End.Next(), {Hi: 1<<61 | rand.Uint64()>>3, Lo: rand.Uint64()}} {
			want := slow6(d.ASN6, v)
			if got, _ := p.asn6.find(v); got != want {
				t.Fatalf("%s: %v, want %v", v.Addr(), got, want)
			}
		}
	}
	for _, hi := range []uint64{0, ^uint64(0), 1<<61 - 1, 1 << 62} {
		if r, ok := p.asn6.find(pack.U128{Hi: hi}); ok {
			t.Errorf("found %v outside 2000::/3", r)
		}
	}
}

func slow4(list []pack.Range4, v uint32) pack.Range4 {
	for i := range list {
		if list[i].Start <= v && v <= list[i].End {
			return list[i]
		}
	}
	return pack.Range4{}
}

func slow6(list []pack.Range6, v pack.U128) pack.Range6 {
	for i := range list {
		if !v.Less(list[i].Start) && !list[i].End.Less(v) {
			return list[i]
		}
	}
	return pack.Range6{}
}

const lab = "\ufeff" + `# the lab's address plan
198.51.100.0/24,64500,Example ISP,SE,access
2001:db8:100::/48, 64500, Example ISP, SE, access
203.0.113.0/24,64530,Companion,,
203.0.113.128/25,64520,"Example ""Proxy"", Inc.",DE

8.8.8.0/24,,,,resolver
1.1.1.1/32,64999,Mine,,
0.0.0.0/0,1,Everything,ZZ
`

func TestAddFile(t *testing.T) {
	table := open(t)
	if err := table.AddFile("lab.csv", strings.NewReader(lab)); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"198.51.100.10":        "198.51.100.0/24 AS64500 Example ISP SE access",
		"::ffff:198.51.100.10": "198.51.100.0/24 AS64500 Example ISP SE access",
		"2001:db8:100::53":     "2001:db8:100::/48 AS64500 Example ISP SE access",
		"2001:db8:200::53":     "nobody",
		"203.0.113.127":        "203.0.113.0/24 AS64530 Companion  ",
		"203.0.113.128":        `203.0.113.128/25 AS64520 Example "Proxy", Inc. DE `,
		"8.8.8.8":              "8.8.8.0/24 AS15169 Google LLC US resolver",
		"1.1.1.1":              "1.1.1.1/32 AS64999 Mine  ",
		"10.0.0.1":             "0.0.0.0/0 AS1 Everything ZZ ",
	} {
		if got := show(table.Lookup(netip.MustParseAddr(address))); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestAddFileRefuses(t *testing.T) {
	for _, test := range []struct {
		text string
		err  error
		says string
	}{
		{"192.0.2.0/24,1,Org", ErrFields, "x.csv: line 1: 3 fields"},
		{"192.0.2.0/24,1,Org,SE,vpn,more", ErrFields, "line 1: 6 fields"},
		{"\n# c\n192.0.2.1,1,Org,SE", ErrPrefix, `line 3: prefix: "192.0.2.1"`},
		{"192.0.2.1/24,1,Org,SE", ErrHostBits, "want 192.0.2.0/24"},
		{"::ffff:192.0.2.0/120,1,Org,SE", ErrMapped, "line 1: prefix"},
		{"192.0.2.0/33,1,Org,SE", ErrPrefix, "prefix"},
		{"192.0.2.0/24,AS1,Org,SE", ErrASN, `asn: "AS1"`},
		{"192.0.2.0/24,4294967296,Org,SE", ErrASN, "asn"},
		{"192.0.2.0/24,-1,Org,SE", ErrASN, "asn"},
		{"192.0.2.0/24,1,Or\x00g,SE", ErrOrg, "org"},
		{"192.0.2.0/24,1,\xff,SE", ErrOrg, "org"},
		{"192.0.2.0/24,1," + strings.Repeat("x", 201) + ",SE", ErrOrg, "org"},
		{"192.0.2.0/24,1,Org,se", ErrCountry, `country: "se"`},
		{"192.0.2.0/24,1,Org,SWE", ErrCountry, "country"},
		{"192.0.2.0/24,1,Org,SE,tor", ErrKind, `kind: "tor"`},
		{"192.0.2.0/24,1,Org,SE\n192.0.2.0/24,2,Org,SE", ErrDuplicate, "line 2: prefix: prefix is given twice, first in line 1"},
		{`192.0.2.0/24,1,"Org,SE`, nil, "line 1"},
	} {
		table := Empty()
		err := table.AddFile("x.csv", strings.NewReader(test.text))
		if err == nil || test.err != nil && !errors.Is(err, test.err) || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %v", test.text, err)
		}
		if len(table.own.networks) != 0 {
			t.Errorf("%q: something was added", test.text)
		}
	}
}

// FuzzAddFile: no panic, and what is taken can be found under its own prefix.
func FuzzAddFile(f *testing.F) {
	f.Add(lab)
	f.Add("192.0.2.0/24,1,Org,SE,vpn")
	f.Fuzz(func(t *testing.T, s string) {
		table := Empty()
		if table.AddFile("x", strings.NewReader(s)) != nil {
			return
		}
		for p, want := range table.own.networks {
			if got, ok := table.Lookup(p.Addr()); !ok || got.Prefix.Bits() < p.Bits() || p.Bits() == p.Addr().BitLen() && got != want {
				t.Fatalf("%s: %v", p, got)
			}
		}
	})
}

// BenchmarkLookup asks for few addresses (a busy server: many users of few
// networks) and for many (every look-up waits for memory).
func BenchmarkLookup(b *testing.B) {
	table := open(b)
	for _, count := range []int{1 << 7, 1 << 16} {
		for _, family := range []int{4, 6} {
			list := make([]netip.Addr, count)
			for i := range list {
				list[i] = pack.Addr4(table.open.asn4.end[rand.IntN(len(table.open.asn4.end))])
				if family == 6 {
					list[i] = table.open.asn6.end[rand.IntN(len(table.open.asn6.end))].Addr()
				}
			}
			b.Run(fmt.Sprintf("v%d/%d", family, count), func(b *testing.B) {
				b.ReportAllocs()
				for i := 0; b.Loop(); i++ {
					table.Lookup(list[i%count])
				}
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		open(b)
	}
}
