package verdict

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
