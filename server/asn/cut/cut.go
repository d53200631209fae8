// Package cut holds the open data about networks in slices, each a small file of the same
// format with all that touches one block of addresses. A program that may not be large, or
// has to be up at once, fetches the slices that it is asked about: the whole takes half
// a second to read and 60 MB, a slice a few milliseconds and some 100 kB.
package cut

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"watertight/server/asn/pack"
)

// One slice is an IPv4 /8 or an IPv6 /16.
const bits4, bits6 = 8, 16

// Name of the slice that an address is in; "" for what is never handed out.
func Name(a netip.Addr) string {
	switch {
	case a.Is4():
		return name4(uint32(a.As4()[0]))
	case a.Is6() && a.As16()[0]>>5 == 0b001: // 2000::/3 (RFC 4291 §2.4)
		b := a.As16()
		return name6(uint64(b[0])<<8 | uint64(b[1]))
	}
	return ""
}

func name4(block uint32) string { return "4-" + strconv.Itoa(int(block)) }
func name6(block uint64) string { return "6-" + strconv.FormatUint(block, 16) }

// Cut makes the slices. A range that touches several is in each of them, whole, so that
// the prefix of an answer is the same.
func Cut(d *pack.Data) map[string]*pack.Data {
	out := make(map[string]*pack.Data)
	used := make(map[string]map[uint32]bool)
	at := func(name string) *pack.Data {
		if out[name] == nil {
			out[name], used[name] = &pack.Data{Date: d.Date}, make(map[uint32]bool)
		}
		return out[name]
	}
	for _, r := range d.ASN4 {
		for b := r.Start >> (32 - bits4); b <= r.End>>(32-bits4); b++ {
			s := at(name4(b))
			s.ASN4, used[name4(b)][r.Value] = append(s.ASN4, r), true
		}
	}
	for _, r := range d.ASN6 {
		for b := r.Start.Hi >> (64 - bits6); b <= r.End.Hi>>(64-bits6); b++ {
			s := at(name6(b))
			s.ASN6, used[name6(b)][r.Value] = append(s.ASN6, r), true
		}
	}
	// A country alone says nothing, so it makes no slice.
	for _, r := range d.Country4 {
		for b := r.Start >> (32 - bits4); b <= r.End>>(32-bits4); b++ {
			if s := out[name4(b)]; s != nil {
				s.Country4 = append(s.Country4, r)
			}
		}
	}
	for _, r := range d.Country6 {
		for b := r.Start.Hi >> (64 - bits6); b <= r.End.Hi>>(64-bits6); b++ {
			if s := out[name6(b)]; s != nil {
				s.Country6 = append(s.Country6, r)
			}
		}
	}
	for name, s := range out {
		rename(s, d.AS, slices.Sorted(maps.Keys(used[name])))
	}
	return out
}

// rename leaves the systems that a slice uses, in the same order.
func rename(s *pack.Data, all []pack.AS, used []uint32) {
	places := make(map[uint32]uint32, len(used))
	for i, old := range used {
		s.AS = append(s.AS, all[old])
		places[old] = uint32(i)
	}
	for i := range s.ASN4 {
		s.ASN4[i].Value = places[s.ASN4[i].Value]
	}
	for i := range s.ASN6 {
		s.ASN6[i].Value = places[s.ASN6[i].Value]
	}
}

// Files are the slices as they are fetched.
func Files(d *pack.Data) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for name, s := range Cut(d) {
		b, err := pack.Encode(s)
		if err != nil {
			return nil, fmt.Errorf("pack slice %s: %w", name, err)
		}
		files[name] = b
	}
	return files, nil
}
