package check

import (
	"crypto/rand"
	"encoding/base32"
	"net/netip"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// newToken is as the extension makes them.
func newToken() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}

// outside lets a resolver look fresh names up, and asks the companion who came:
// that is a look from outside, by the very way that checks take.
func (r *run) outside() {
	const what = "DNS from outside"
	switch {
	case !r.Resolver.IsValid():
		r.unknown("give --resolver with the address of a resolver elsewhere, such as your provider's", what, "this machine has no resolver")
		return
	case !r.delegated || !r.serving:
		r.unknown("mend what is above first", what, "resolvers cannot get there")
		return
	}
	token := newToken()
	plain, err := r.resolve("f0." + token + "." + r.Zone)
	if err != nil {
		r.unknown("give --resolver with the address of another one", what, "the resolver %s does not answer: %v", r.Resolver.Addr(), err)
		return
	}
	if plain != dns.RcodeNameError {
		r.wrong("open port 53 for UDP and TCP, from everywhere, in every firewall"+r.ofNodes()+" (the provider's as well)", what, "the resolver %s says %s", r.Resolver.Addr(), dns.RcodeToString[plain])
		return
	}
	_, _ = r.resolve("t0." + token + "." + r.Zone) // makes it come over TCP
	_, _ = r.resolve("v0." + token + ".v6." + r.Zone)
	came := r.sightings(token)
	r.came(came, "udp", 0, what+", UDP")
	r.came(came, "tcp", 0, what+", TCP")
	if r.IPv6.IsValid() {
		r.came(came, "", 6, what+", IPv6")
	}
}

func (r *run) ofNodes() string {
	if r.Nodes && r.DNS == 0 {
		return " of the nodes"
	}
	return ""
}

// resolve asks the resolver, and gives it the time to try again.
func (r *run) resolve(name string) (rcode int, err error) {
	m, err := ask(r.ctx, "udp", r.Resolver, name, dns.TypeA, recursion)
	if err != nil {
		return 0, err
	}
	return m.Rcode, nil
}

type visit struct {
	Resolver, Transport string
	Family              int
}

// sightings are read at whichever address answers. What nodes see takes a moment to get
// there.
func (r *run) sightings(token string) (list []visit) {
	for range reportTries {
		for _, a := range r.Web {
			var got struct{ Sightings []visit }
			if _, err := r.get(netip.AddrPortFrom(a, r.HTTP), "/v1/sightings/"+token, &got); err == nil {
				list = got.Sightings
				break
			}
		}
		if len(list) > 0 {
			break
		}
		time.Sleep(reportPause)
	}
	return list
}

// A node sends what it saw after 20 ms at the latest, over a connection that it may have
// to make first.
const (
	reportTries = 5
	reportPause = 200 * time.Millisecond
)

// came looks for a visit from another machine. A missing one may be the resolver's
// doing (it has no IPv6, it does not repeat over TCP), so that alone proves nothing.
func (r *run) came(visits []visit, transport string, family int, what string) {
	near := false
	for _, v := range visits {
		a, err := netip.ParseAddr(v.Resolver)
		if err != nil || transport != "" && v.Transport != transport || family != 0 && v.Family != family {
			continue
		}
		if r.Here(a) || a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() {
			near = true
			continue
		}
		r.ok(what, "a resolver elsewhere came")
		return
	}
	if near {
		r.unknown("give --resolver with the address of one elsewhere", what, "the resolver is on this machine or beside it")
		return
	}
	r.unknown("give --resolver with the address of another one, or "+elsewhere, what, "the resolver %s did not come that way", r.Resolver.Addr())
}
