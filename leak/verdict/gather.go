package verdict

import (
	"errors"
	"net/netip"

	"watertight/leak/address"
	"watertight/leak/candidate"
)

// granted is the permission of a frame whose site may use microphone or camera.
// Browsers then show it the addresses of all interfaces (RFC 8828 §5.2, mode 1).
const granted = "granted"

// maxCandidates bounds what one check can make us read; a machine with twenty
// interfaces gives about a hundred.
const maxCandidates = 1000

// shown is one address that WebRTC shows to a page.
type shown struct {
	addr  netip.Addr
	via   string // host, srflx, prflx, raddr, attested
	raw   string
	own   bool // it is the address of an interface of this machine
	proof bool // it proves the finding it is in
	// granted: only frames that may use microphone or camera were shown it
	granted bool
	net     *Network
}

func (s shown) fact(t Text, n *Network) Fact {
	return Fact{Text: t, Address: s.addr.String(), Network: n, Via: s.via, Raw: s.raw}
}

func proofs(list []shown) []Proof {
	out := make([]Proof, 0, len(list))
	for _, s := range list {
		out = append(out, Proof{Address: s.addr.String(), Network: s.net, Via: s.via, Raw: s.raw})
	}
	return out
}

// gathered is what all frames together have shown.
type gathered struct {
	shown  []shown
	lines  int // candidates that could be read
	hidden int // of them, mDNS names (RFC 8828 §3.1)
	srflx  int
	frames []frame
}

// frame is how gathering went in one frame.
type frame struct {
	ICE
	srflx, host, udp, bad int // udp counts hosts
	reflexive             []netip.Addr
}

// gather reads every candidate of every frame. An address that several lines
// show counts once. The companion is nearby if it saw no public exit.
func gather(list []ICE, nearby bool) gathered {
	var g gathered
	seen := map[netip.Addr]int{}
	left := maxCandidates
	for _, ice := range list {
		f := frame{ICE: ice}
		for _, line := range ice.Candidates {
			if left--; left < 0 {
				f.bad++
				break
			}
			c, err := candidate.Parse(line)
			if errors.Is(err, candidate.ErrEnd) {
				continue
			}
			if err != nil {
				f.bad++
				continue
			}
			g.lines++
			switch c.Type {
			case candidate.Host:
				f.host++
				if c.Transport == "udp" {
					f.udp++
				}
			case candidate.Srflx, candidate.Prflx:
				if !answered(c.Addr, nearby) {
					f.bad++ // its raddr may still prove something
					break
				}
				f.srflx++
				g.srflx++
				f.reflexive = append(f.reflexive, c.Addr)
			}
			if c.Name != "" {
				g.hidden++
			}
			for _, s := range given(c) {
				s.granted = ice.Permission == granted
				i, again := seen[s.addr]
				if !again {
					seen[s.addr] = len(g.shown)
					g.shown = append(g.shown, s)
					continue
				}
				s.granted = s.granted && g.shown[i].granted
				if s.own && !g.shown[i].own {
					g.shown[i] = s // the stronger evidence
				}
				g.shown[i].granted = s.granted
			}
		}
		g.frames = append(g.frames, f)
	}
	return g
}

// answered reports whether a STUN server can have seen this address: only then
// is a reflexive candidate its answer. One on this machine sees loopback.
func answered(a netip.Addr, nearby bool) bool {
	_, public := address.Public(a)
	class := address.ClassOf(a)
	return public || class.IsLocal() || nearby && class == address.Loopback
}

// given lists the addresses that one candidate gives away. The address of a
// relay is the TURN server's; its raddr is what that server saw (RFC 8839 §5.1).
// The raddr of the other types is an address of the machine itself, and an
// srflx that equals it passed no NAT.
func given(c candidate.Candidate) []shown {
	var out []shown
	if c.Type != candidate.Relay && c.Addr.IsValid() {
		own := c.Type == candidate.Host || c.Addr == c.Related
		out = append(out, shown{addr: c.Addr, via: string(c.Type), raw: c.Raw, own: own})
	}
	if c.Related.IsValid() && address.ClassOf(c.Related) != address.Unspecified && c.Related != c.Addr {
		out = append(out, shown{addr: c.Related, via: "raddr", raw: c.Raw, own: c.Type != candidate.Relay})
	}
	return out
}
