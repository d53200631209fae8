package fast

import (
	"encoding/binary"
	"net/netip"
	"time"

	"watertight/server/sightings"
)

const (
	rcodeFail, rcodeName, rcodeRefused = 2, 3, 5
)

// answer writes everything but the OPT record.
func (a *Answerer) answer(r *reply, n node, over sightings.Transport) {
	switch {
	case n.kind == outside:
		r.flags(0, rcodeRefused)
		return
	case n.kind == referral:
		a.nameServer(r, n.zone, a.six, authority)
		a.glue(r)
		return
	case n.kind == probe && n.label[0] == 'x': // fails on purpose
		r.flags(0, rcodeFail)
		return
	case n.kind == probe && n.label[0] == 't' && over == sightings.UDP:
		r.flags(flagAA|flagTC, 0) // the resolver comes back over TCP
		return
	case n.kind == probe || n.kind == nothing:
		r.flags(flagAA, rcodeName)
	default:
		r.flags(flagAA, 0)
		if a.data(r, n, over) {
			return
		}
	}
	r.asked(n.zone)
	a.start(r, n, a.NegativeTTL) // RFC 2308 §3
	r.count(authority)
}

// data writes the records of a name, and reports whether there are any.
func (a *Answerer) data(r *reply, n node, over sightings.Transport) bool {
	switch {
	case r.q.qtype == typeA && n.host != nil:
		return a.address(r, nil, n.host.v4, answers)
	case r.q.qtype == typeAAAA && n.host != nil:
		return a.address(r, nil, n.host.v6, answers)
	case n.kind != apex:
	case r.q.qtype == typeSOA:
		r.asked(0)
		a.start(r, n, a.ZoneTTL)
		r.count(answers)
		return true
	case r.q.qtype == typeNS && n.child:
		a.nameServer(r, 0, a.six, answers)
		a.glue(r)
		return true
	case r.q.qtype == typeNS:
		a.servers(r, over)
		return true
	}
	return false
}

// address writes A or AAAA; without an owner it is that of the query's name.
func (a *Answerer) address(r *reply, owner, ip []byte, section int) bool {
	if ip == nil {
		return false
	}
	if owner == nil {
		r.asked(0)
	} else {
		r.name(owner)
	}
	rrtype := uint16(typeA)
	if len(ip) == 16 {
		rrtype = typeAAAA
	}
	data := r.head(rrtype, a.AddressTTL)
	r.raw(ip)
	r.tail(data)
	r.count(section)
	return true
}

// start writes the SOA after its owner's name.
func (a *Answerer) start(r *reply, n node, ttl uint32) {
	data := r.head(typeSOA, ttl)
	server := a.server[0]
	if n.child {
		server = a.six
	}
	if r.q.zone != 0 && !r.q.under(server) && !r.q.under(a.mbox) {
		r.short(server)
		r.short(a.mbox)
	} else {
		r.name(server)
		r.name(a.mbox)
	}
	r.raw(a.soa)
	r.tail(data)
}

// servers writes NS and, where nobody can forge an address, their addresses.
func (a *Answerer) servers(r *reply, over sightings.Transport) {
	for _, name := range a.server {
		a.nameServer(r, 0, name, answers)
	}
	if over == sightings.UDP {
		return
	}
	for _, label := range a.Servers {
		h := a.hosts[label]
		a.address(r, h.name, h.v4, additional)
		a.address(r, h.name, h.v6, additional)
	}
}

// nameServer writes one NS of the query's name from a label on.
func (a *Answerer) nameServer(r *reply, label int, name []byte, section int) {
	r.asked(label)
	data := r.head(typeNS, a.ZoneTTL)
	r.name(name)
	r.tail(data)
	r.count(section)
}

// glue is the address of the child's name server.
func (a *Answerer) glue(r *reply) {
	a.address(r, a.six, a.hosts[a.Six.Server].v6, additional)
}

// edns writes our OPT record if the query had one (RFC 6891 §6.1.1): the flags and
// the subnet come back, with its own length as scope, and the cookie with our half.
func (a *Answerer) edns(r *reply, n node, from netip.Addr, now time.Time) {
	q := &r.q
	if !q.opt {
		return
	}
	r.b = append(r.b, 0, 0, typeOPT, byte(a.UDPSize>>8), byte(a.UDPSize), 0, 0)
	r.b = binary.BigEndian.AppendUint16(r.b, q.flags&(flagDO|flagCO))
	r.b = append(r.b, 0, 0)
	data := len(r.b)
	if v := q.network; v != nil {
		r.option(optSubnet, v)
		r.b[len(r.b)-len(v)+3] = v[2]
		if spare := -int(v[2]) & 7; spare != 0 { // bits that are not of the prefix
			r.b[len(r.b)-1] &= 0xff << spare
		}
	}
	if q.cookie != nil {
		at := len(r.b)
		r.option(optCookie, nil)
		r.b = a.Jar.ReplyAt(r.b, q.cookie, from, now)
		binary.BigEndian.PutUint16(r.b[at+2:], uint16(len(r.b)-at-4))
	}
	if n.kind == outside {
		r.option(optError, nil)
		r.b[len(r.b)-1] = 2
		r.b = binary.BigEndian.AppendUint16(r.b, a.NotAuthoritative)
	}
	r.tail(data)
	r.plain += optHeader + len(r.b) - data
	r.count(additional)
}

func (r *reply) option(code uint16, value []byte) {
	r.b = binary.BigEndian.AppendUint16(r.b, code)
	r.b = binary.BigEndian.AppendUint16(r.b, uint16(len(value)))
	r.b = append(r.b, value...)
}
