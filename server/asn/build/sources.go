package main

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"

	"github.com/oschwald/maxminddb-golang/v2"

	"watertight/server/asn/pack"
)

var (
	errVersions = errors.New("the packages are of different days")
	errVersion  = errors.New("no date in the package's version")
	errRow      = errors.New("want start,end,asn,org in ascending order")
	errName     = errors.New("one AS with two names")
)

// versionDate finds 20260617 in 2.3.2026061719.
var versionDate = regexp.MustCompile(`^\d+\.\d+\.(\d{4})(\d{2})(\d{2})\d{2}$`)

func read(from string) (*pack.Data, error) {
	asn := filepath.Join(from, "asn")
	country := filepath.Join(from, "iptoasn-country-mmdb")
	date, err := dateOf(asn)
	if err != nil {
		return nil, err
	}
	if other, err := dateOf(country); err != nil {
		return nil, err
	} else if other != date {
		return nil, fmt.Errorf("%w: %s and %s", errVersions, date, other)
	}
	v4, err := readCSV(filepath.Join(asn, "asn-ipv4.csv"))
	if err != nil {
		return nil, err
	}
	v6, err := readCSV(filepath.Join(asn, "asn-ipv6.csv"))
	if err != nil {
		return nil, err
	}
	d := &pack.Data{Date: date}
	place, err := systems(d, slices.Concat(v4, v6))
	if err != nil {
		return nil, err
	}
	for _, r := range v4 {
		d.ASN4 = append(d.ASN4, pack.Range4{Start: pack.From4(r.start), End: pack.From4(r.end), Value: place[r.asn]})
	}
	for _, r := range v6 {
		d.ASN6 = append(d.ASN6, pack.Range6{Start: pack.From6(r.start), End: pack.From6(r.end), Value: place[r.asn]})
	}
	if err := readCountries(filepath.Join(country, "iptoasn-country-ipv4.mmdb"), func(p netip.Prefix, v uint32) {
		d.Country4 = add4(d.Country4, p, v)
	}); err != nil {
		return nil, err
	}
	return d, readCountries(filepath.Join(country, "iptoasn-country-ipv6.mmdb"), func(p netip.Prefix, v uint32) {
		d.Country6 = add6(d.Country6, p, v)
	})
}

func dateOf(dir string) (string, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", fmt.Errorf("read package: %w", err)
	}
	var p struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return "", fmt.Errorf("read package %s: %w", dir, err)
	}
	m := versionDate.FindStringSubmatch(p.Version)
	if m == nil {
		return "", fmt.Errorf("read package %s: %q: %w", dir, p.Version, errVersion)
	}
	return m[1] + "-" + m[2] + "-" + m[3], nil
}

type row struct {
	start, end netip.Addr
	asn        uint32
	org        string
}

func readCSV(file string) ([]row, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read ranges: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	c := csv.NewReader(f)
	c.FieldsPerRecord = 4
	var list []row
	for {
		rec, err := c.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read ranges %s: %w", file, err)
		}
		start, err1 := netip.ParseAddr(rec[0])
		end, err2 := netip.ParseAddr(rec[1])
		n, err3 := strconv.ParseUint(rec[2], 10, 32)
		if err := errors.Join(err1, err2, err3); err != nil || end.Less(start) || !endBefore(list, start, end) {
			line, _ := c.FieldPos(0)
			return nil, fmt.Errorf("read ranges %s: line %d: %w", file, line, errors.Join(errRow, err))
		}
		list = append(list, row{start, end, uint32(n), rec[3]})
	}
}

// endBefore keeps ranges apart. The data has a pair that overlaps by a /16 (DoD,
// 215.0.0.0): there the earlier range ends where the later begins, because the
// later is announced on its own. Anything wilder is an error.
func endBefore(list []row, start, end netip.Addr) bool {
	if len(list) == 0 {
		return true
	}
	last := &list[len(list)-1]
	if last.end.Less(start) {
		return true
	}
	if !last.start.Less(start) || !last.end.Less(end) {
		return false
	}
	last.end = start.Prev()
	return true
}

// systems fills d.AS in ascending order and tells each one's place.
func systems(d *pack.Data, rows []row) (map[uint32]uint32, error) {
	names := make(map[uint32]string)
	for _, r := range rows {
		if old, ok := names[r.asn]; ok && old != r.org {
			return nil, fmt.Errorf("AS%d: %q, %q: %w", r.asn, old, r.org, errName)
		}
		names[r.asn] = r.org
	}
	for n, org := range names {
		d.AS = append(d.AS, pack.AS{Number: n, Org: org})
	}
	sort.Slice(d.AS, func(i, j int) bool { return d.AS[i].Number < d.AS[j].Number })
	place := make(map[uint32]uint32, len(d.AS))
	for i, a := range d.AS {
		place[a.Number] = uint32(i)
	}
	return place, nil
}

func readCountries(file string, add func(netip.Prefix, uint32)) error {
	db, err := maxminddb.Open(file)
	if err != nil {
		return fmt.Errorf("read countries: %w", err)
	}
	defer db.Close() //nolint:errcheck // only read
	for result := range db.Networks() {
		var rec struct {
			Country string `maxminddb:"country_code"`
		}
		if err := result.Decode(&rec); err != nil {
			return fmt.Errorf("read countries %s: %w", file, err)
		}
		v, err := pack.Country(rec.Country)
		if err != nil {
			continue // some entries are "None": nobody's country
		}
		add(result.Prefix(), v)
	}
	return nil
}

// add4 joins neighbours of one country: the tree has only whole prefixes.
func add4(list []pack.Range4, p netip.Prefix, v uint32) []pack.Range4 {
	start := pack.From4(p.Addr())
	end := start | uint32(1<<(32-p.Bits())-1)
	if n := len(list); n > 0 && list[n-1].Value == v && list[n-1].End+1 == start {
		list[n-1].End = end
		return list
	}
	return append(list, pack.Range4{Start: start, End: end, Value: v})
}

func add6(list []pack.Range6, p netip.Prefix, v uint32) []pack.Range6 {
	start, end := pack.From6(p.Addr()), last6(p)
	if n := len(list); n > 0 && list[n-1].Value == v && list[n-1].End.Next() == start {
		list[n-1].End = end
		return list
	}
	return append(list, pack.Range6{Start: start, End: end, Value: v})
}

func last6(p netip.Prefix) pack.U128 {
	u, n := pack.From6(p.Addr()), p.Bits()
	if n <= 64 {
		return pack.U128{Hi: u.Hi | ^uint64(0)>>n, Lo: ^uint64(0)}
	}
	return pack.U128{Hi: u.Hi, Lo: u.Lo | ^uint64(0)>>(n-64)}
}
