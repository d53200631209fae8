package authdns

import (
	"errors"
	"fmt"
	"strings"

	"github.com/miekg/dns"
)

const (
	// maxString of one character-string (RFC 1035 §3.3).
	maxString = 255
	// maxDeclared keeps the answers within a packet.
	maxDeclared = 8
)

// ErrDeclared is of Config.CAA and Config.Text.
var ErrDeclared = errors.New("not a record for the apex")

// declare adds what the operator says at the apex. A certificate authority looks
// there for every name below it (RFC 8659 §3).
func (h *Handler) declare(c Config) error {
	if len(c.CAA) > maxDeclared || len(c.Text) > maxDeclared {
		return fmt.Errorf("%w: more than %d", ErrDeclared, maxDeclared)
	}
	for _, issuer := range c.CAA {
		if err := CheckIssuer(issuer); err != nil {
			return err
		}
		h.hosts[h.zone] = append(h.hosts[h.zone], &dns.CAA{Hdr: header(h.zone, dns.TypeCAA, zoneTTL), Tag: "issue", Value: issuer})
	}
	for _, text := range c.Text {
		if err := CheckText(text); err != nil {
			return err
		}
		h.hosts[h.zone] = append(h.hosts[h.zone], &dns.TXT{Hdr: header(h.zone, dns.TypeTXT, zoneTTL), Txt: []string{escape(text)}})
	}
	return nil
}

// CheckIssuer wants the name of a certificate authority, or ";" for none at all.
func CheckIssuer(name string) error {
	if name == ";" {
		return nil
	}
	if err := CheckZone(name); err != nil || !strings.Contains(name, ".") {
		return fmt.Errorf("%w: issuer %q", ErrDeclared, name)
	}
	return nil
}

// CheckText wants one string of printable ASCII.
func CheckText(text string) error {
	if text == "" || len(text) > maxString {
		return fmt.Errorf("%w: a text of %d characters", ErrDeclared, len(text))
	}
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' {
			return fmt.Errorf("%w: character %q in a text", ErrDeclared, c)
		}
	}
	return nil
}

// escape is for the library, which keeps text as it stands in zone files.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
}
