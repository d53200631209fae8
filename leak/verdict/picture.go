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
