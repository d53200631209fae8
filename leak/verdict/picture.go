package verdict

// Picture is the data of the path picture: you, what carries your traffic, and
// who sees what of it. It says nothing that rows and findings do not say.
type Picture struct {
	Through Text   `json:"through"`
	Steps   []Step `json:"steps"`
}

// Step is one end of the picture: somebody who sees something.
type Step struct {
	Role    string  `json:"role"`    // websites, ipv6, dns, webrtc
	Name    string  `json:"name"`    // who, or the bare address, or ""
	Address string  `json:"address"` // or ""
	Outcome Outcome `json:"outcome"` // leak, clear, unknown
	Beside  bool    `json:"beside"`  // it goes past what carries the rest
}

// The roles, in the order in which they are drawn.
const (
	roleWebsites = "websites"
	roleIPv6     = "ipv6"
	roleDNS      = "dns"
	roleWebRTC   = "webrtc"
)

// maxSteps bounds one role: a picture with more cannot be read.
const maxSteps = 4

// canvas collects the steps of the picture.
type canvas struct {
	steps map[string][]Step
}

func (c *canvas) add(s Step) {
	for _, old := range c.steps[s.Role] {
		if old.Name == s.Name && (s.Name != "" || old.Address == s.Address) {
			return // leaks are added first, and stay
		}
	}
	if len(c.steps[s.Role]) < maxSteps {
		c.steps[s.Role] = append(c.steps[s.Role], s)
	}
}

// picture draws the leaks of the verdict first, so that none is lost, then what
// else was seen, and then a gap for every row in which something is missing.
func (j *judgement) picture(v Verdict) Picture {
	c := &canvas{steps: map[string][]Step{}}
	for _, f := range v.Findings {
		c.leak(f)
	}
	j.drawExits(c)
	j.drawResolvers(c)
	j.drawWebRTC(c)
	for _, r := range v.Rows {
		c.gap(r)
	}
	p := Picture{Through: j.through(), Steps: []Step{}}
	for _, role := range []string{roleWebsites, roleIPv6, roleDNS, roleWebRTC} {
		p.Steps = append(p.Steps, c.steps[role]...)
	}
	return p
}

// through names what carries the traffic.
func (j *judgement) through() Text {
	switch {
	case !j.publicExit():
		return text(msgPathUnknown)
	case j.off:
		return text(msgPathHome, j.exitName())
	}
	return text(msgPathThrough, j.exitName())
}

// leak draws a finding. What the resolver or the tunnel itself gives away does
// not go past it.
func (c *canvas) leak(f Finding) {
	role := map[string]string{rowExit: roleWebsites, rowDNS: roleDNS, rowWebRTC: roleWebRTC}[f.Row]
	beside := false
	proof := f.Evidence
	switch f.ID {
	case DNSMixed: // its resolvers are those of dns-isp-resolver
		return
	case IPv6Bypass:
		role, beside, proof = roleIPv6, true, proof[:1] // the second is the IPv4 exit
	case WebRTCPublicIP, DNSISPResolver, DNSProxyBypass, DNSFailover:
		beside = true
	}
	if f.Level != levelLeak {
		return
	}
	for _, p := range proof {
		name := place{net: p.Network}.exposes()
		if name == "" {
			name = p.Address
		}
		c.add(Step{Role: role, Name: name, Address: p.Address, Outcome: Leak, Beside: beside})
	}
}

// seen draws a place that is no leak.
func (c *canvas) seen(role string, p place, o Outcome) {
	c.add(Step{Role: role, Name: p.name(), Address: p.addr.String(), Outcome: o})
}

func (j *judgement) drawExits(c *canvas) {
	if !j.publicExit() {
		return
	}
	v4, v6 := j.exit(4), j.exit(6)
	if v4.good() {
		c.seen(roleWebsites, v4.place, j.homely(v4))
	}
	if v6.good() && len(c.steps[roleIPv6]) == 0 {
		role := roleIPv6
		if !v4.good() {
			role = roleWebsites
		}
		c.seen(role, v6.place, j.homely(v6))
	}
}

// homely marks both families as leaks where the VPN is off.
func (j *judgement) homely(x *exit) Outcome {
	if j.off && j.atHome(x.place) {
		return Leak
	}
	return Clear
}

func (j *judgement) drawResolvers(c *canvas) {
	for _, r := range j.main {
		switch r.is {
		case unclear, waiting:
			c.seen(roleDNS, r.place, Unknown)
		default:
			c.seen(roleDNS, r.place, Clear) // a bad one is drawn as a leak already
		}
	}
}

func (j *judgement) drawWebRTC(c *canvas) {
	for _, f := range j.rows[rowWebRTC].facts {
		o := map[string]Outcome{msgFactWebRTCSame: Clear, msgFactWebRTCUnknown: Unknown}[f.Text.ID]
		if o == "" {
			continue
		}
		name := place{net: f.Network}.exposes()
		if name == "" {
			name = f.Address
		}
		c.add(Step{Role: roleWebRTC, Name: name, Address: f.Address, Outcome: o})
	}
}

// gap draws what is missing from a row, so that the picture never looks better
// than the row.
func (c *canvas) gap(r Row) {
	roles := map[string][]string{rowExit: {roleWebsites, roleIPv6}, rowDNS: {roleDNS}, rowWebRTC: {roleWebRTC}}[r.ID]
	first, last := roles[0], roles[len(roles)-1]
	for _, role := range roles {
		for _, s := range c.steps[role] {
			if s.Outcome != Clear {
				return
			}
		}
	}
	empty := len(c.steps[first]) == 0
	switch {
	case r.Outcome == Clear && empty:
		c.steps[first] = []Step{{Role: first, Outcome: Clear}}
	case r.Outcome == Clear:
	case empty:
		c.steps[first] = []Step{{Role: first, Outcome: Unknown}}
	default:
		c.steps[last] = append(c.steps[last], Step{Role: last, Outcome: Unknown})
	}
}
