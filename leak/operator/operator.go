// Package operator knows who runs the networks that matter to a leak test:
// public DNS services, the hosting companies VPN providers rent from, VPN
// companies with networks of their own, and internet providers whose network is
// split over several AS numbers.
//
// It answers two questions an AS number alone cannot: "do these two belong to
// the same company?" and "is this somebody's home connection?". A number that
// is not in the table is simply unknown; nothing is concluded from that.
package operator

import (
	"sort"
	"strings"
)

// Kind says what an operator's network is used for. The words are those of the
// companion's network file.
type Kind string

// The kinds. Unknown is not a verdict: most of the world's networks are.
const (
	Unknown  Kind = ""
	Access   Kind = "access"   // homes, offices and phones
	Hosting  Kind = "hosting"  // servers for rent
	VPN      Kind = "vpn"      // a VPN company's own network
	Resolver Kind = "resolver" // a DNS service that anyone may use
)

// Operator is one row of the table.
type Operator struct {
	ASN  uint32
	Name string
	Kind Kind
	// Source says where the row comes from; see table.go.
	Source string
}

// ByASN looks an AS number up.
func ByASN(asn uint32) (Operator, bool) {
	i := sort.Search(len(table), func(i int) bool { return table[i].ASN >= asn })
	if asn == 0 || i == len(table) || table[i].ASN != asn {
		return Operator{}, false
	}
	return table[i], true
}

// Same reports whether two AS numbers are one, or belong to one operator.
func Same(a, b uint32) bool {
	if a == 0 || b == 0 {
		return false
	}
	if a == b {
		return true
	}
	x, okX := ByASN(a)
	y, okY := ByASN(b)
	return okX && okY && x.Name == y.Name
}

// SameOrganisation compares two organisation names as databases spell them:
// "Cloudflare, Inc." and "CLOUDFLARE INC" are one.
func SameOrganisation(a, b string) bool {
	x := fold(a)
	return x != "" && x == fold(b)
}

// legalForms are the endings that say what sort of company it is, not which.
var legalForms = map[string]bool{
	"inc": true, "llc": true, "ltd": true, "limited": true, "gmbh": true, "ag": true, "ab": true,
	"as": true, "asa": true, "bv": true, "nv": true, "sa": true, "sas": true, "srl": true, "spa": true,
	"plc": true, "corp": true, "corporation": true, "co": true, "company": true, "kg": true, "oy": true,
	"sro": true, "aps": true, "pty": true, "pte": true, "ug": true, "ou": true, "sia": true, "uab": true,
}

// fold lowers a name, drops punctuation, and strips legal forms from its end.
func fold(s string) string {
	s = strings.NewReplacer(".", "", ",", " ", "(", " ", ")", " ", "\"", " ", "/", "", "-", " ", "&", " ").
		Replace(strings.ToLower(s))
	words := strings.Fields(s)
	for len(words) > 1 && legalForms[words[len(words)-1]] {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}
