package authdns

import (
	"strings"

	"github.com/miekg/dns"
)

// challengeLabel stands before the name that a certificate is for (RFC 8555 §8.4).
const challengeLabel = "_acme-challenge"

// challengeTTL: each is looked up once or twice, and then never again.
const challengeTTL = 1

// challenge is what a certificate authority is to find at a name now.
func (h *Handler) challenge(name string) (rrs []dns.RR) {
	if h.challenges == nil || !strings.HasPrefix(name, challengeLabel+".") {
		return nil
	}
	for _, text := range h.challenges(strings.TrimSuffix(name, ".")) {
		rrs = append(rrs, &dns.TXT{Hdr: header(name, dns.TypeTXT, challengeTTL), Txt: []string{text}})
	}
	return rrs
}
