// Command plain is the anchor of the DNS bench: what a name server costs that is
// written with miekg/dns in the ordinary way. It denies every name, and records
// nothing. Arguments: address, zone.
package main

import (
	"fmt"
	"os"

	"github.com/miekg/dns"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: plain ADDRESS ZONE")
		os.Exit(2)
	}
	zone := dns.Fqdn(os.Args[2])
	soa, err := dns.NewRR(zone + " 60 IN SOA ns1." + zone + " dns." + zone + " 1 86400 7200 3600000 60")
	if err != nil {
		fmt.Fprintln(os.Stderr, "plain:", err)
		os.Exit(1)
	}
	dns.HandleFunc(zone, func(w dns.ResponseWriter, q *dns.Msg) {
		m := new(dns.Msg)
		m.SetRcode(q, dns.RcodeNameError)
		m.Authoritative, m.Compress = true, true
		m.Ns = []dns.RR{soa}
		if o := q.IsEdns0(); o != nil {
			m.SetEdns0(1232, o.Do())
		}
		_ = w.WriteMsg(m)
	})
	fmt.Fprintln(os.Stderr, "plain:", dns.ListenAndServe(os.Args[1], "udp", nil))
	os.Exit(1)
}
