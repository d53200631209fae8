// Package asn tells the network of an address: prefix, autonomous system,
// organisation, country. The answers come from open data, packed and embedded
// (see the build command below this folder), and from a file of the operator's.
package asn

import "net/netip"

// Kinds of networks. Open data knows none; an operator's file may.
const (
	KindAccess   = "access"
	KindHosting  = "hosting"
	KindVPN      = "vpn"
	KindResolver = "resolver"
)

// Network is what is known of the network that an address belongs to.
type Network struct {
	Prefix  netip.Prefix `json:"prefix"`
	ASN     uint32       `json:"asn"`
	Org     string       `json:"org"`
	Country string       `json:"country"` // ISO 3166-1, or ""
	Kind    string       `json:"kind"`
}

// Table answers look-ups. It is read-only once its files are added, and then
// safe for concurrent use.
type Table struct {
	open *packed // may be nil
	own  overlay
}

// Empty is a table without open data.
func Empty() *Table { return &Table{} }

// Bare is the same open data, without files. They share it.
func (t *Table) Bare() *Table { return &Table{open: t.open} }

// With is the same open data, with the files of another table. They share both.
func (t *Table) With(files *Table) *Table { return &Table{open: t.open, own: files.own} }

// Lookup finds the network of an address. The operator's file is asked first,
// because it was written to say something else than the open data, or something
// about addresses that are nobody's. What it leaves empty, open data fills in.
func (t *Table) Lookup(a netip.Addr) (n Network, known bool) {
	a = a.Unmap().WithZone("")
	if t.own.networks != nil {
		if own, found := t.own.lookup(a); found {
			if !own.complete() && t.lookupOpen(a, &n) {
				return own.over(n), true
			}
			return own, true
		}
	}
	known = t.lookupOpen(a, &n)
	return n, known
}

// lookupOpen fills n in place: at this speed, copying it costs as much as finding.
func (t *Table) lookupOpen(a netip.Addr, n *Network) bool {
	return t.open != nil && a.IsValid() && !special(a) && t.open.lookup(a, n)
}

// Date is when the open data was made (2006-01-02), or "".
func (t *Table) Date() string {
	if t.open == nil {
		return ""
	}
	return t.open.date
}

func (n Network) complete() bool { return n.ASN != 0 && n.Org != "" && n.Country != "" }

// over lays n over an answer of the open data. Once n names another AS, the rest
// of the open answer is about somebody else.
func (n Network) over(open Network) Network {
	if n.ASN != 0 && n.ASN != open.ASN {
		return n
	}
	n.ASN = open.ASN
	if n.Org == "" {
		n.Org = open.Org
	}
	if n.Country == "" {
		n.Country = open.Country
	}
	return n
}
