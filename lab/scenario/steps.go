package scenario

import "fmt"

// checkSteps checks the course of a scenario: either "expect" alone (one
// click) or "steps" with at least one check, each with what it must find.
func (v *validator) checkSteps() {
	if (v.Expect == nil) == (v.Steps == nil) {
		v.fail("expect", "give either expect (one check) or steps, with expect in each check")
		return
	}
	if v.Expect != nil {
		v.checkExpect("expect", v.Expect)
		return
	}
	checks := 0
	names := map[string]bool{}
	for i, step := range v.Steps {
		path := fmt.Sprintf("steps[%d]", i)
		if n := step.given(); n != 1 {
			v.fail(path, "holds %d things (allowed: exactly one of %s)", n, "check, call, site, rival, link, resolvers, exit, dead, wait, drive")
		}
		if step.Resolvers != nil {
			v.checkClient(path+".resolvers", step.Resolvers)
		}
		for link := range step.Link {
			v.checkLink(path+".link", link)
		}
		if step.Exit != nil && (v.VPN == nil || !step.Exit.Is4()) {
			v.fail(path+".exit", "needs the field vpn, and an IPv4 address of the VPN")
		}
		if step.Call != nil {
			v.checkCall(path+".call", step.Call, names)
		}
		if step.Site != nil {
			v.checkSite(path+".site", step.Site, names)
			checks++
		}
		v.checkRival(path+".rival", step.Rival)
		if step.Check == nil {
			continue
		}
		checks++
		switch {
		case step.Check.Expect == nil:
			v.fail(path+".check", "needs expect")
		case step.Check.Name == "" || names[step.Check.Name]:
			v.fail(path+".check", "needs a name that no other check or call has")
		default:
			v.checkExpect(path+".check.expect", step.Check.Expect)
		}
		names[step.Check.Name] = true
		if step.Check.Press != "" && !v.Hardens() {
			v.fail(path+".check.press", "needs hardening: ask or auto")
		}
	}
	if checks == 0 {
		v.fail("steps", "holds no check, and no site")
	}
}

func (v *validator) checkExpect(path string, e *Expect) {
	for _, browser := range v.Browsers {
		if e.For(browser).Outcome == "" {
			v.fail(path, "needs outcome for %s (allowed: leak, clear, unknown)", browser)
		}
	}
	for name, o := range map[string]*Expect{"chromium": e.Chromium, "firefox": e.Firefox} {
		if o == nil {
			continue
		}
		v.checkHardened(path+"."+name, o)
		v.checkHTTP(path+"."+name, o)
		if o.Chromium != nil || o.Firefox != nil {
			v.fail(path+"."+name, "holds a browser again")
		}
		if o.Why == "" {
			v.fail(path+"."+name, "needs why: browsers that differ need a reason")
		}
	}
	v.checkHardened(path, e)
	v.checkHTTP(path, e)
	if e.Or != "" && e.Why == "" {
		v.fail(path+".or", "needs why: what is left to chance")
	}
	seen := map[FindingID]bool{}
	for i, f := range e.Findings {
		if f.ID == "" || seen[f.ID] {
			v.fail(fmt.Sprintf("%s.findings[%d]", path, i), "needs an id that is not there twice")
		}
		seen[f.ID] = true
	}
}

func (v *validator) checkHTTP(path string, e *Expect) {
	if e.HTTP != nil && (!v.HTTPS || len(e.HTTP) == 0) {
		v.fail(path+".http", "needs https: true, and at least one version (allowed: %s)", list(HTTPVersion("").Allowed()))
	}
}

func (s Step) given() (n int) {
	for _, is := range []bool{s.Check != nil, s.Link != nil, s.Resolvers != nil, s.Exit != nil, s.Dead != nil, s.Wait != nil, s.Drive != nil, s.Call != nil, s.Site != nil, s.Rival != ""} {
		if is {
			n++
		}
	}
	return n
}

// Course is the scenario as steps, also when it is a single check.
func (s *Scenario) Course() []Step {
	if s.Steps != nil {
		return s.Steps
	}
	return []Step{{Check: &Check{Expect: s.Expect}}}
}

// For is what one browser must show.
func (e *Expect) For(b Browser) Expect {
	out := *e
	out.Chromium, out.Firefox = nil, nil
	differs := e.Chromium
	if b == "firefox" {
		differs = e.Firefox
	}
	if differs == nil {
		return out
	}
	own := *differs
	or(&own.Outcome, out.Outcome)
	or(&own.Or, out.Or)
	or(&own.Why, out.Why)
	or(&own.Budget, out.Budget)
	or(&own.Hardening, out.Hardening)
	or(&own.Packets, out.Packets)
	if own.Findings == nil {
		own.Findings = out.Findings
	}
	if own.Rows == nil {
		own.Rows = out.Rows
	}
	if own.HTTP == nil {
		own.HTTP = out.HTTP
	}
	return own
}
