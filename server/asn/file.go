package asn

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Errors of an operator's file; they come wrapped with the line and the field.
var (
	ErrFields    = errors.New("want prefix,asn,org,country[,kind]")
	ErrPrefix    = errors.New("want a prefix such as 192.0.2.0/24")
	ErrHostBits  = errors.New("address has bits outside the prefix")
	ErrMapped    = errors.New("want IPv4 as IPv4, not mapped into IPv6")
	ErrASN       = errors.New("want a number from 0 to 4294967295")
	ErrOrg       = errors.New("want at most 200 printable characters")
	ErrCountry   = errors.New("want two capital letters, or nothing")
	ErrKind      = errors.New("want access, hosting, vpn, resolver, or nothing")
	ErrDuplicate = errors.New("prefix is given twice")
)

const maxOrg = 200

// AddFile adds the networks of a CSV file: `prefix,asn,org,country[,kind]`, one
// a line, `#` comments. An error names the file, line and field, and then
// nothing was added.
func (t *Table) AddFile(name string, r io.Reader) error {
	added := t.own.clone()
	lines := make(map[netip.Prefix]int)
	in := bufio.NewReader(r)
	if bom, err := in.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = in.Discard(3) // spreadsheets put one there
	}
	c := csv.NewReader(in)
	c.Comment, c.FieldsPerRecord, c.TrimLeadingSpace, c.ReuseRecord = '#', -1, true, true
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			t.own = added
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err) // csv errors name the line
		}
		line, _ := c.FieldPos(0)
		n, field, err := parseNetwork(record)
		if err == nil && lines[n.Prefix] != 0 {
			field, err = "prefix", fmt.Errorf("%w, first in line %d", ErrDuplicate, lines[n.Prefix])
		}
		if err != nil {
			return fmt.Errorf("read %s: line %d: %s: %w", name, line, field, err)
		}
		lines[n.Prefix] = line
		added.add(n)
	}
}

// parseNetwork returns the name of the field that is wrong with the error.
func parseNetwork(f []string) (n Network, field string, err error) {
	for i := range f {
		f[i] = strings.TrimSpace(f[i])
	}
	if len(f) != 4 && len(f) != 5 {
		return n, fmt.Sprintf("%d fields", len(f)), ErrFields
	}
	if n.Prefix, err = netip.ParsePrefix(f[0]); err != nil {
		return n, "prefix", fmt.Errorf("%q: %w", f[0], ErrPrefix)
	}
	if n.Prefix.Addr().Is4In6() {
		return n, "prefix", fmt.Errorf("%q: %w", f[0], ErrMapped)
	}
	if n.Prefix.Masked() != n.Prefix {
		return n, "prefix", fmt.Errorf("%q: %w: want %s", f[0], ErrHostBits, n.Prefix.Masked())
	}
	if f[1] != "" {
		v, err := strconv.ParseUint(f[1], 10, 32)
		if err != nil {
			return n, "asn", fmt.Errorf("%q: %w", f[1], ErrASN)
		}
		n.ASN = uint32(v)
	}
	if n.Org = strings.Clone(f[2]); len(n.Org) > maxOrg || strings.ToValidUTF8(n.Org, "") != n.Org ||
		strings.ContainsFunc(n.Org, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return n, "org", fmt.Errorf("%.40q: %w", n.Org, ErrOrg)
	}
	if n.Country = strings.Clone(f[3]); n.Country != "" && !isCountry(n.Country) {
		return n, "country", fmt.Errorf("%.40q: %w", n.Country, ErrCountry)
	}
	if len(f) == 5 {
		if n.Kind = strings.Clone(f[4]); !slices.Contains([]string{"", KindAccess, KindHosting, KindVPN, KindResolver}, n.Kind) {
			return n, "kind", fmt.Errorf("%.40q: %w", n.Kind, ErrKind)
		}
	}
	return n, "", nil
}

func isCountry(s string) bool {
	return len(s) == 2 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= 'A' && s[1] <= 'Z'
}
