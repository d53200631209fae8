// Package root is the root of the lab's DNS and its one top-level domain: the
// first delegates the second, and that the companion's zone; every other name is
// NXDOMAIN. Programs that walk down from the root, as on the real Internet, start
// here.
package root

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"watertight/lab/netns"
	"watertight/lab/scenario"
)

// Machine is the machine that both run on.
const Machine = "root"

// level is one zone above the companion's.
type level struct {
	zone, server string
	addrs        []netip.Addr
}

// The two levels, on addresses of Example Hosting.
var (
	top = level{".", "a.root.test.", []netip.Addr{netip.MustParseAddr("203.0.113.4"), netip.MustParseAddr("2001:db8:53::4")}}
	tld = level{"test.", "a.tld.test.", []netip.Addr{netip.MustParseAddr("203.0.113.5"), netip.MustParseAddr("2001:db8:53::5")}}
)

// Addrs are the root's addresses, and All those of the machine.
var (
	Addrs = top.addrs
	All   = slices.Concat(top.addrs, tld.addrs)
)

// Name is what hints call the root.
var Name = top.server

// Hints are the root hints that a resolver is given.
func Hints(ipv6 bool) string {
	lines := ". 3600000 NS " + Name + "\n"
	for _, a := range Addrs {
		switch {
		case a.Is4():
			lines += Name + " 3600000 A " + a.String() + "\n"
		case ipv6:
			lines += Name + " 3600000 AAAA " + a.String() + "\n"
		}
	}
	return lines
}

// servers of the companion's zone; a plain companion is both.
var servers = [][]netip.Addr{{scenario.Companion, scenario.Companion6}, {scenario.Companion, scenario.Companion6}}

// Start serves in the root's namespace until the lab ends. The companion's zone has the
// name servers ns1, ns2 and so on, at these addresses.
func Start(of [][]netip.Addr) error {
	servers = of
	return netns.Do(Machine, func() error {
		for _, l := range []level{top, tld} {
			for _, a := range l.addrs {
				for _, network := range []string{"udp", "tcp"} {
					if err := l.start(a, network); err != nil {
						return fmt.Errorf("serve %s on %s: %w", l.zone, a, err)
					}
				}
			}
		}
		return nil
	})
}

func (l level) start(a netip.Addr, network string) error {
	ready, failed := make(chan struct{}), make(chan error, 1)
	handler := dns.HandlerFunc(func(w dns.ResponseWriter, query *dns.Msg) {
		_ = w.WriteMsg(l.answer(query)) // the asker may be gone
	})
	server := &dns.Server{Addr: netip.AddrPortFrom(a, 53).String(), Net: network, Handler: handler, NotifyStartedFunc: func() { close(ready) }}
	if err := listen(server, network); err != nil {
		return err
	}
	go func() { failed <- server.ActivateAndServe() }()
	select {
	case <-ready:
		return nil
	case err := <-failed:
		return err
	}
}

// answer is a referral to the level below, the level's own data, or "no such name".
func (l level) answer(query *dns.Msg) *dns.Msg {
	reply := new(dns.Msg).SetReply(query)
	if opt := query.IsEdns0(); opt != nil {
		reply.SetEdns0(1232, opt.Do())
	}
	if len(query.Question) != 1 {
		reply.Rcode = dns.RcodeFormatError
		return reply
	}
	q := query.Question[0]
	name, below := strings.ToLower(q.Name), l.below()
	atCut := name == below[0].zone && q.Qtype == dns.TypeDS // a question to the parent (RFC 4035 §3.1.4.1)
	switch {
	case !dns.IsSubDomain(l.zone, name):
		reply.Rcode = dns.RcodeRefused
		return reply
	case dns.IsSubDomain(below[0].zone, name) && !atCut:
		refer(reply, below)
		return reply
	case name == l.zone && q.Qtype == dns.TypeNS:
		reply.Answer = records(l.zone + " 3600 NS " + l.server)
		reply.Extra = append(records(glue(l.server, l.addrs)...), reply.Extra...)
	case name == l.zone && q.Qtype == dns.TypeSOA:
		reply.Answer = records(l.soa())
	case name == top.server || name == tld.server:
		for _, r := range slices.Concat(records(glue(top.server, top.addrs)...), records(glue(tld.server, tld.addrs)...)) {
			if h := r.Header(); h.Rrtype == q.Qtype && h.Name == name {
				reply.Answer = append(reply.Answer, r)
			}
		}
	case name != l.zone && !atCut && name != "root.test." && name != "tld.test.": // which exist, without data (RFC 8020)
		reply.Rcode = dns.RcodeNameError
	}
	reply.Authoritative = true
	if len(reply.Answer) == 0 {
		reply.Ns = records(l.soa())
	}
	return reply
}

func (l level) soa() string {
	return l.zone + " 3600 SOA " + l.server + " hostmaster.root.test. 1 3600 600 86400 3600"
}

// below are the name servers of the one zone that is delegated.
func (l level) below() []level {
	if l.zone == top.zone {
		return []level{tld}
	}
	var out []level
	for i, addrs := range servers {
		zone := scenario.Zone + "."
		out = append(out, level{zone, fmt.Sprintf("ns%d.%s", i+1, zone), addrs})
	}
	return out
}

func refer(reply *dns.Msg, servers []level) {
	for _, s := range servers {
		reply.Ns = append(reply.Ns, records(s.zone+" 3600 NS "+s.server)...)
		reply.Extra = append(records(glue(s.server, s.addrs)...), reply.Extra...)
	}
}

func glue(name string, addrs []netip.Addr) []string {
	var out []string
	for _, a := range addrs {
		kind := " A "
		if a.Is6() {
			kind = " AAAA "
		}
		out = append(out, name+" 3600"+kind+a.String())
	}
	return out
}

func records(lines ...string) []dns.RR {
	var out []dns.RR
	for _, line := range lines {
		rr, err := dns.NewRR(line)
		if err != nil {
			panic("root zone: " + err.Error()) // written above
		}
		out = append(out, rr)
	}
	return out
}
