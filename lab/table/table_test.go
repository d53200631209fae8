package table

import (
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/miekg/dns"

	"watertight/lab/capture"
)

const token = "abcdefghijklmnopqrstuvwxyz"

func query(name, transport string, edit func(*dns.Msg)) capture.Query {
	m := new(dns.Msg).SetQuestion(name, dns.TypeA)
	if edit != nil {
		edit(m)
	}
	return capture.Query{Source: netip.MustParseAddr("198.51.100.53"), Transport: transport, Message: m}
}

func options(m *dns.Msg) {
	m.SetEdns0(1232, true)
	opt := m.IsEdns0()
	opt.Option = append(opt.Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: "0011223344556677"},
		&dns.EDNS0_SUBNET{Code: dns.EDNS0SUBNET, Family: 1, SourceNetmask: 24, Address: net.IP{192, 0, 2, 9}})
}

func TestTruth(t *testing.T) {
	got, traits := Truth([]capture.Query{
		query(token+".watertight.test.", "udp", nil),
		query("F0."+token+".waterTight.test.", "udp", options),
		query("f0."+token+".watertight.test.", "udp", nil),
		query("t0."+token+".watertight.test.", "tcp", nil),
		query("ns1.watertight.test.", "udp", nil),
	}, token)
	if len(got) != 3 || traits != (Traits{true, true, true, true, true, true}) {
		t.Fatalf("%v %+v", got, traits)
	}
	if s := got[1]; s.ECS != "192.0.2.0/24" || s.EDNS == nil || *s.EDNS != (EDNS{1232, true, true}) || s.Label != "f0" {
		t.Error(s)
	}
}

func TestDifferences(t *testing.T) {
	truth := []Sighting{{Label: "f0", Resolver: "192.0.2.1", Transport: "udp", QTypes: []string{"AAAA", "A"}}}
	same := []Sighting{{Label: "f0", Resolver: "192.0.2.1", Transport: "udp", QTypes: []string{"A", "AAAA"}}}
	if d := Differences(truth, same); len(d) != 0 {
		t.Error(d)
	}
	wrong := []Sighting{{Label: "f0", Resolver: "192.0.2.1", Transport: "udp", QTypes: []string{"A"}}, {Label: "f1"}}
	d := strings.Join(Differences(truth, wrong), "\n")
	if !strings.Contains(d, "is seen as") || !strings.Contains(d, "was never asked") {
		t.Error(d)
	}
	if d := Differences(truth, nil); len(d) != 1 || !strings.Contains(d[0], "is not seen") {
		t.Error(d)
	}
}
