// Package candidate reads the ICE candidate lines that a browser hands to a web
// page, and tells which addresses they give away.
//
// The grammar (RFC 8839 §5.1) is parsed by pion/ice. This package stands around
// it where lines from real browsers would trip it up, and makes sure that an
// error never carries an address.
package candidate

import (
	"errors"
	"net/netip"
	"strings"

	"github.com/pion/ice/v4"

	"watertight/leak/address"
)

// The reasons why a line is no candidate. They never quote the line: it holds
// addresses, and errors get written down.
var (
	// ErrEnd marks the end of gathering: "" or end-of-candidates (RFC 8840 §8.2).
	ErrEnd = errors.New("read candidate: end of candidates")
	// ErrTooLong marks a line that no browser writes.
	ErrTooLong = errors.New("read candidate: line too long")
	// ErrSyntax marks everything else that cannot be read.
	ErrSyntax = errors.New("read candidate: not a candidate line")
)

// transports that candidates have (RFC 8445 §5.1.1.1, RFC 6544).
var transports = map[string]bool{"udp": true, "tcp": true}

// maxLine bounds the work per line. The longest real lines (IPv6, mDNS names,
// every extension) stay below 400 bytes.
const maxLine = 2048

// Type is the type of a candidate (RFC 8445 §5.1.1).
type Type string

// The types.
const (
	Host  Type = "host"
	Srflx Type = "srflx"
	Prflx Type = "prflx"
	Relay Type = "relay"
)

// Candidate is one line, understood.
type Candidate struct {
	Raw        string // the line as the browser gave it
	Foundation string
	Component  uint16
	Transport  string // "udp" or "tcp"
	Priority   uint32
	Name       string     // the mDNS name in lower case, instead of an address
	Addr       netip.Addr // unmapped, without zone; invalid if there is a Name
	Port       int
	Type       Type
	Related    netip.Addr // raddr (RFC 8839 §5.1), of host candidates too; invalid if none
	RPort      int
	TCPType    string // RFC 6544: "active", "passive" or "so"
}

// Class gives the class of the candidate's address.
func (c Candidate) Class() address.Class {
	if c.Name != "" {
		return address.MDNS
	}
	return address.ClassOf(c.Addr)
}

// Parse reads one line, with or without "a=" and "candidate:".
func Parse(raw string) (Candidate, error) {
	if len(raw) > maxLine {
		return Candidate{}, ErrTooLong
	}
	words := strings.Fields(raw)
	words = trimPrefix(words)
	if len(words) == 0 || words[0] == "end-of-candidates" {
		return Candidate{}, ErrEnd
	}
	if len(words) > 1 && transports[strings.ToLower(words[1])] {
		words = append([]string{"0"}, words...) // no foundation, as pion allows too
	}
	if len(words) < 8 {
		return Candidate{}, ErrSyntax
	}
	// pion knows mDNS names by a lower-case ".local" only, but names are
	// case-insensitive (RFC 4343).
	words[4] = strings.TrimSuffix(strings.ToLower(words[4]), ".")
	parsed, err := ice.UnmarshalCandidate(strings.Join(words, " "))
	if err != nil {
		return Candidate{}, ErrSyntax // pion's text contains the line
	}
	return fromPion(raw, words, parsed)
}

// trimPrefix takes "a=" and "candidate:" away, also where a space follows.
func trimPrefix(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	first := words[0]
	if len(first) >= 2 && strings.EqualFold(first[:2], "a=") {
		first = first[2:]
	}
	const key = "candidate:"
	if len(first) >= len(key) && strings.EqualFold(first[:len(key)], key) {
		first = first[len(key):]
	}
	if first == "" {
		return words[1:]
	}
	return append([]string{first}, words[1:]...)
}

// fromPion copies what pion understood and adds what it loses: the raddr of host
// candidates, tcptype of the other types, and the transport of mDNS names, which
// it always takes for udp4.
func fromPion(raw string, words []string, p ice.Candidate) (Candidate, error) {
	c := Candidate{
		Raw: raw, Foundation: strings.TrimSpace(p.Foundation()), Component: p.Component(),
		Transport: strings.ToLower(words[2]), Priority: p.Priority(), Port: p.Port(),
		Type: Type(words[7]),
	}
	if !transports[c.Transport] {
		return Candidate{}, ErrSyntax
	}
	if name := words[4]; strings.HasSuffix(name, ".local") {
		c.Name = name
	} else if addr, ok := address.Parse(name); ok {
		c.Addr = addr
	} else {
		return Candidate{}, ErrSyntax // ".invalid", which pion lets through
	}
	rest := words[8:]
	for i := 0; i+1 < len(rest); i += 2 {
		switch rest[i] {
		case "raddr":
			c.Related, _ = address.Parse(rest[i+1])
		case "rport":
			c.RPort = port(rest[i+1])
		case "tcptype":
			c.TCPType = strings.ToLower(rest[i+1])
		}
	}
	if !c.Related.IsValid() {
		c.RPort = 0 // means nothing by itself
	}
	return c, nil
}

// port reads a decimal port, 0 for everything that is none.
func port(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 65535 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	if n > 65535 {
		return 0
	}
	return n
}
