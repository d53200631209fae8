package pack

import (
	"bytes"
	"errors"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"testing"
)

func sample() *Data {
	sweden, _ := Country("SE")
	all := ^uint64(0)
	return &Data{
		Date:     "2026-06-17",
		AS:       []AS{{0, "none"}, {64500, "Example ISP"}, {4294967295, ""}},
		ASN4:     []Range4{{0, 0, 1}, {1, 255, 0}, {1 << 24, 1<<24 + 700, 2}, {^uint32(0), ^uint32(0), 1}},
		Country4: []Range4{{0, ^uint32(0), sweden}},
		ASN6: []Range6{
			{U128{}, U128{0, all}, 0}, {U128{1, 0}, U128{1, 5}, 1}, {U128{1, 6}, U128{7, 9}, 2}, {U128{all, all}, U128{all, all}, 0},
		},
		Country6: []Range6{},
	}
}

func TestRoundTrip(t *testing.T) {
	d := sample()
	file, err := Encode(d)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(file)
	if err != nil || !reflect.DeepEqual(got, d) {
		t.Errorf("got %+v, %v\nwant %+v", got, err, d)
	}
	again, err := Encode(got)
	if err != nil || !bytes.Equal(again, file) {
		t.Error("the same data makes another file")
	}
}

func TestOrder(t *testing.T) {
	for i, change := range []func(*Data){
		func(d *Data) { d.ASN4[1].Start = 0 },
		func(d *Data) { d.ASN4[1].End = 0 },
		func(d *Data) { d.ASN6[1].Start = U128{0, 7} },
		func(d *Data) { d.ASN6[2].End = U128{1, 2} },
	} {
		d := sample()
		change(d)
		if _, err := Encode(d); !errors.Is(err, ErrOrder) {
			t.Errorf("change %d: %v", i, err)
		}
	}
}

func TestCountry(t *testing.T) {
	for _, code := range []string{"AA", "SE", "ZZ", "AZ", "ZA"} {
		if v, err := Country(code); err != nil || CountryCode(v) != code {
			t.Errorf("%s: %d %v %s", code, v, err, CountryCode(v))
		}
	}
	for _, code := range []string{"", "S", "se", "SWE", "S1"} {
		if _, err := Country(code); !errors.Is(err, ErrCountry) {
			t.Errorf("%q was taken", code)
		}
	}
	if CountryCode(0) != "" || CountryCode(677) != "" {
		t.Error("a number that is no country has a code")
	}
}

// TestPrefix holds the bit tricks against the definition, with big numbers.
func TestPrefix(t *testing.T) {
	for range 20000 {
		a := rand.Uint32()
		r := Range4{Start: a - min(a, rand.Uint32()>>rand.IntN(32)), End: a + min(^a, rand.Uint32()>>rand.IntN(32))}
		check(t, r.Prefix(a), Addr4(a), Addr4(r.Start), Addr4(r.End))

		v := U128{rand.Uint64(), rand.Uint64()}
		s := Range6{Start: below(v), End: below(U128{^v.Hi, ^v.Lo})}
		s.End = U128{^s.End.Hi, ^s.End.Lo}
		check(t, s.Prefix(v), v.Addr(), s.Start.Addr(), s.End.Addr())
	}
	all := Range6{End: U128{^uint64(0), ^uint64(0)}}
	check(t, all.Prefix(U128{5, 5}), U128{5, 5}.Addr(), all.Start.Addr(), all.End.Addr())
	if p := (Range4{0, ^uint32(0), 0}).Prefix(7); p.String() != "0.0.0.0/0" {
		t.Errorf("everything is %s", p)
	}
}

// below is a number not above v, near or far.
func below(v U128) U128 {
	if rand.IntN(2) == 0 {
		return U128{v.Hi, v.Lo - min(v.Lo, rand.Uint64()>>rand.IntN(64))}
	}
	hi := v.Hi - min(v.Hi, rand.Uint64()>>rand.IntN(64))
	if hi == v.Hi {
		return U128{hi, 0}
	}
	return U128{hi, rand.Uint64()}
}

func number(a netip.Addr) *big.Int { return new(big.Int).SetBytes(a.AsSlice()) }

// inside reports whether the block of the given length around a is in the range.
func inside(a, start, end netip.Addr, bits int) bool {
	first, _ := a.Prefix(bits)
	size := new(big.Int).Lsh(big.NewInt(1), uint(a.BitLen()-bits))
	last := size.Add(size, number(first.Addr()))
	last.Sub(last, big.NewInt(1))
	return number(first.Addr()).Cmp(number(start)) >= 0 && last.Cmp(number(end)) <= 0
}

func check(t *testing.T, p netip.Prefix, a, start, end netip.Addr) {
	t.Helper()
	if !p.Contains(a) || !inside(a, start, end, p.Bits()) || p.Bits() > 0 && inside(a, start, end, p.Bits()-1) {
		t.Fatalf("%s in %s-%s: %s", a, start, end, p)
	}
}

// FuzzDecode reads the plain format: no panic, no huge allocation, and whatever
// it takes it writes again as the same data.
func FuzzDecode(f *testing.F) {
	plain, err := encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(plain)
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := decode(b)
		if err != nil {
			return
		}
		again, err := encode(d)
		if err != nil {
			t.Fatalf("took what cannot be written: %v", err)
		}
		if back, err := decode(again); err != nil || !reflect.DeepEqual(back, d) {
			t.Fatalf("%v: %+v, want %+v", err, back, d)
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	plain, err := encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	for i := range plain {
		if _, err := decode(plain[:i]); err == nil {
			t.Errorf("took the first %d of %d bytes", i, len(plain))
		}
	}
	if _, err := decode(append(plain, 0)); !errors.Is(err, ErrLong) {
		t.Errorf("a byte too many: %v", err)
	}
	if _, err := Decode(plain); err == nil {
		t.Error("took what is not compressed")
	}
}
