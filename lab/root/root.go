// Package root is the root of the lab's DNS: it delegates the companion's zone
// and answers NXDOMAIN for every other name. Resolvers that insist on walking
// down from the root, as on the real Internet, start here.
package root

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"

	"watertight/lab/netns"
	"watertight/lab/scenario"
)

// Machine is the machine that it runs on.
const Machine = "root"

// Addrs are its addresses, of Example Hosting.
var Addrs = []netip.Addr{netip.MustParseAddr("203.0.113.4"), netip.MustParseAddr("2001:db8:53::4")}

// Name is what hints call it.
const Name = "a.root.test."

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

// Start serves in the root's namespace until the lab ends.
func Start() error {
	return netns.Do(Machine, func() error {
		for _, a := range Addrs {
			for _, network := range []string{"udp", "tcp"} {
				ready := make(chan struct{})
				failed := make(chan error, 1)
				server := &dns.Server{Addr: netip.AddrPortFrom(a, 53).String(), Net: network,
					Handler: dns.HandlerFunc(serve), NotifyStartedFunc: func() { close(ready) }}
				if err := listen(server, network); err != nil {
					return err
				}
				go func() { failed <- server.ActivateAndServe() }()
				select {
				case <-ready:
				case err := <-failed:
					return fmt.Errorf("serve root on %s: %w", a, err)
				}
			}
		}
		return nil
	})
}

func serve(w dns.ResponseWriter, query *dns.Msg) { _ = w.WriteMsg(Answer(query)) } // the asker may be gone

// Answer is the root's reply: a referral for the zone, "no such data" for the
// labels above it (RFC 8020), "no such name" for the rest.
func Answer(query *dns.Msg) *dns.Msg {
	reply := new(dns.Msg).SetReply(query)
	if opt := query.IsEdns0(); opt != nil {
		reply.SetEdns0(1232, opt.Do())
	}
	if len(query.Question) != 1 {
		reply.Rcode = dns.RcodeFormatError
		return reply
	}
	q := query.Question[0]
	name, zone := strings.ToLower(q.Name), scenario.Zone+"."
	switch {
	case dns.IsSubDomain(zone, name):
		refer(reply, zone)
		return reply
	case name == "." && q.Qtype == dns.TypeNS:
		reply.Answer = records(". 3600 NS " + Name)
		reply.Extra = append(reply.Extra, records(glue(Name, Addrs)...)...)
	case name == Name:
		for _, r := range records(glue(Name, Addrs)...) {
			if r.Header().Rrtype == q.Qtype {
				reply.Answer = append(reply.Answer, r)
			}
		}
	case !dns.IsSubDomain(name, zone) && !dns.IsSubDomain(name, Name):
		reply.Rcode = dns.RcodeNameError
	}
	reply.Authoritative = true
	if len(reply.Answer) == 0 {
		reply.Ns = records(". 3600 SOA " + Name + " hostmaster.root.test. 1 3600 600 86400 3600")
	}
	return reply
}

func refer(reply *dns.Msg, zone string) {
	addrs := []netip.Addr{scenario.Companion, scenario.Companion6}
	for _, ns := range []string{"ns1.", "ns2."} {
		reply.Ns = append(reply.Ns, records(zone+" 3600 NS "+ns+zone)...)
		reply.Extra = append(records(glue(ns+zone, addrs)...), reply.Extra...)
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
