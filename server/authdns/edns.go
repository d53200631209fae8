package authdns

import (
	"encoding/hex"
	"net/netip"

	"github.com/miekg/dns"

	"watertight/server/cookie"
	"watertight/server/sightings"
)

const (
	// udpSize is what survives every path unfragmented (DNS flag day 2020; RFC
	// 9715 §3 allows up to 1,400).
	udpSize = 1232
	// plainSize is the limit without EDNS (RFC 1035 §4.2.1), and the floor with
	// it (RFC 6891 §6.2.3).
	plainSize = 512
	tcpSize   = dns.MaxMsgSize
)

// edns is what a query's OPT record says.
type edns struct {
	present bool
	version uint8
	size    uint16
	do      bool
	compact bool   // the CO flag (RFC 9824 §5.1)
	cookie  []byte // of the client, with or without our half
	client  *dns.EDNS0_SUBNET
	reply   *dns.OPT
}

// readEDNS finds the OPT record; two of them are a format error (RFC 6891
// §6.1.1), and so is one that belongs to a name, and a cookie of a wrong size. What
// was read is told then too, since the error is answered with an OPT record.
func readEDNS(q *dns.Msg) (e edns, ok bool) {
	for _, rr := range q.Extra {
		opt, is := rr.(*dns.OPT)
		if !is {
			continue
		}
		if e.present {
			return e, false
		}
		e.present, e.version, e.size, e.do, e.compact = true, opt.Version(), opt.UDPSize(), opt.Do(), opt.Co()
		if opt.Hdr.Name != "." {
			return e, false
		}
		for _, o := range opt.Option {
			switch o := o.(type) {
			case *dns.EDNS0_COOKIE:
				if e.cookie != nil {
					break // RFC 7873 §5.2: the first one counts
				}
				e.cookie, _ = hex.DecodeString(o.Cookie)
				if !cookie.WellFormed(e.cookie) {
					return e, false
				}
			case *dns.EDNS0_SUBNET:
				if e.client == nil {
					e.client = o
				}
			}
		}
	}
	return e, true
}

// attach adds our OPT to a reply, if the query had one (RFC 6891 §6.1.1). A
// client subnet is repeated with its own length as scope (RFC 7871 §7.2.1):
// resolvers stop sending subnets to servers that do not seem to use them, and
// then the user could not be told that theirs is passed on.
func (e *edns) attach(m *dns.Msg) {
	if !e.present {
		return
	}
	e.reply = &dns.OPT{Hdr: dns.RR_Header{Name: ".", Rrtype: dns.TypeOPT}}
	e.reply.SetUDPSize(udpSize)
	e.reply.SetDo(e.do) // RFC 3225 §3: copied
	e.reply.SetCo(e.compact)
	if e.version == 0 && e.client != nil {
		c := *e.client
		c.SourceScope = c.SourceNetmask
		e.reply.Option = append(e.reply.Option, &c)
	}
	m.Extra = append(m.Extra, e.reply)
}

// bake adds our half of the cookie (RFC 7873 §5.2.3).
func (e *edns) bake(jar *cookie.Jar, client netip.Addr) {
	if e.reply != nil && e.version == 0 && e.cookie != nil {
		e.reply.Option = append(e.reply.Option, &dns.EDNS0_COOKIE{Code: dns.EDNS0COOKIE, Cookie: hex.EncodeToString(jar.Reply(nil, e.cookie, client))})
	}
}

// Proven reports whether a query holds a cookie that we gave to this address, so
// that it cannot be forged.
func (h *Handler) Proven(packet []byte, from netip.Addr) bool {
	if proven, sure := h.fast.Proven(packet, from.Unmap()); sure {
		return proven
	}
	return h.proven(packet, from)
}

func (h *Handler) proven(packet []byte, from netip.Addr) bool {
	q, err := unpack(packet)
	if err != nil {
		return false
	}
	e, ok := readEDNS(q)
	valid, _ := h.jar.Check(e.cookie, from.Unmap())
	return ok && valid
}

// explain adds an extended error (RFC 8914).
func (e *edns) explain(code uint16) {
	if e.reply != nil {
		e.reply.Option = append(e.reply.Option, &dns.EDNS0_EDE{InfoCode: code})
	}
}

func (e *edns) seen() sightings.EDNS {
	return sightings.EDNS{Present: e.present, Size: e.size, DO: e.do, Cookie: e.cookie != nil}
}

// subnet is the client's, or invalid. A length of zero means "do not use any"
// (RFC 7871 §7.1.2), which tells nothing about the user.
func (e *edns) subnet() netip.Prefix {
	if e.client == nil || e.client.SourceNetmask == 0 {
		return netip.Prefix{}
	}
	a, ok := netip.AddrFromSlice(e.client.Address)
	if !ok {
		return netip.Prefix{}
	}
	if e.client.Family == 1 {
		a = a.Unmap()
	}
	p, err := a.Prefix(int(e.client.SourceNetmask))
	if err != nil {
		return netip.Prefix{}
	}
	return p
}

func sizeLimit(q *dns.Msg, over sightings.Transport) int {
	if over == sightings.TCP {
		return tcpSize
	}
	e, ok := readEDNS(q)
	if !ok || !e.present {
		return plainSize
	}
	return min(udpSize, max(plainSize, int(e.size)))
}
