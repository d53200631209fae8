package asn

import (
	_ "embed" // the data
	"fmt"
	"net/netip"

	"watertight/server/asn/pack"
)

//go:embed networks.bin.zst
var embedded []byte

// Open is the table with the embedded open data. It takes some 50 ms and 12 MB.
func Open() (*Table, error) { return Read(embedded) }

// Read is the table of newer open data, as the build command packs it.
func Read(packedData []byte) (*Table, error) {
	d, err := pack.Decode(packedData)
	if err != nil {
		return nil, fmt.Errorf("open networks: %w", err)
	}
	return &Table{open: newPacked(d)}, nil
}

// packed looks addresses up in sorted ranges. An index by the leading bits says
// between which two ranges to search: the ranges are spread so unevenly over the
// address space that this is worth most of a binary search.
type packed struct {
	date     string
	as       []pack.AS
	asn4     ranges4
	country4 ranges4
	asn6     ranges6
	country6 ranges6
}

func newPacked(d *pack.Data) *packed {
	return &packed{
		date: d.Date, as: d.AS,
		asn4: newRanges4(d.ASN4), country4: newRanges4(d.Country4),
		asn6: newRanges6(d.ASN6), country6: newRanges6(d.Country6),
	}
}

// codes spares an allocation for every answer.
var codes = func() (list [pack.Countries + 1]string) {
	for i := range list {
		list[i] = pack.CountryCode(uint32(i))
	}
	return list
}()

// lookup needs an AS: a country alone says nothing about whose network it is.
func (p *packed) lookup(a netip.Addr, n *Network) bool {
	var as, country uint32
	if a.Is4() {
		v := pack.From4(a)
		r, ok := p.asn4.find(v)
		if !ok {
			return false
		}
		as, n.Prefix = r.Value, r.Prefix(v)
		r, _ = p.country4.find(v)
		country = r.Value
	} else {
		v := pack.From6(a)
		r, ok := p.asn6.find(v)
		if !ok {
			return false
		}
		as, n.Prefix = r.Value, r.Prefix(v)
		r, _ = p.country6.find(v)
		country = r.Value
	}
	n.ASN, n.Org, n.Country = p.as[as].Number, p.as[as].Org, codes[country]
	return true
}
