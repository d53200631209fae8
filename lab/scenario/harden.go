package scenario

import (
	"net/netip"
	"reflect"
	"slices"
)

// The closed sets of hardening, in the browsers' and the extension's own words.
type (
	Mode      string
	Policy    string
	Control   string
	SealState string
	Calls     string
	Press     string
	Via       string
)

func (Mode) Allowed() []string { return []string{"off", "ask", "auto"} }
func (Policy) Allowed() []string {
	return []string{"default", "default_public_and_private_interfaces", "default_public_interface_only", "disable_non_proxied_udp", "proxy_only"}
}
func (Control) Allowed() []string {
	return []string{"controllable_by_this_extension", "controlled_by_this_extension", "controlled_by_other_extensions", "not_controllable"}
}
func (SealState) Allowed() []string {
	return []string{"none", "off", "grant", "offer", "working", "sealed", "partly", "failed", "conflict", "untested", "lease", "restoring", "restore-failed"}
}
func (Calls) Allowed() []string { return []string{"direct", "relayed", "tcp", "none", "unknown"} }
func (Press) Allowed() []string { return []string{"seal", "undo", "lease", "lease-end"} }
func (Via) Allowed() []string   { return []string{"direct", "udp", "tcp"} }

// Hardened is what hardening must have come to; what is left empty is not compared.
type Hardened struct {
	State   SealState    `yaml:"state"`
	Policy  Policy       `yaml:"policy"`  // in force, as the browser reads it back
	Control Control      `yaml:"control"` // who set it
	Before  []netip.Addr `yaml:"before"`
	After   []netip.Addr `yaml:"after"`
	Calls   Calls        `yaml:"calls"` // what the popup foretells of calls
	Title   string       `yaml:"title"` // message ids of what the popup says
	Detail  string       `yaml:"detail"`
	Changes *int         `yaml:"changes"` // how often the extension changed the setting since the browser started
}

// Packets is what the companion's packet log must show of STUN and TURN.
type Packets struct {
	// Silenced addresses sent before the last check began, and nothing since.
	Silenced []netip.Addr `yaml:"silenced"`
	// None of these sent anything at any time.
	None []netip.Addr `yaml:"none"`
	// From these something came over UDP since the last check began.
	From []netip.Addr `yaml:"from"`
	// TCP are those that still reach TURN over TCP, which the first two lists
	// forbid as well unless it is named here.
	TCP []netip.Addr `yaml:"tcp"`
}

// Call is a WebRTC call between a page on the client and one on the machine "peer".
type Call struct {
	Name string `yaml:"name"`
	Via  Via    `yaml:"via"`
	// Works lists the browsers in which bytes and pictures come through.
	Works []Browser `yaml:"works"`
	// What the page on the client is shown as candidates, and what it is not.
	Shows []netip.Addr `yaml:"shows"`
	Hides []netip.Addr `yaml:"hides"`
	Why   string       `yaml:"why"`
}

// MakesCalls reports whether the scenario makes calls.
func (s *Scenario) MakesCalls() bool {
	for _, step := range s.Steps {
		if step.Call != nil {
			return true
		}
	}
	return false
}

// Hardens reports whether the extension is given the permission to change the setting.
func (s *Scenario) Hardens() bool { return s.Hardening == "ask" || s.Hardening == "auto" }

// checkHardening checks what needs hardening to be switched on, or another thing.
func (v *validator) checkHardening() {
	if v.Hardens() {
		return
	}
	for name, given := range map[string]bool{"rival": v.Rival != "", "managed": v.Managed != "", "managed_sites": v.ManagedSites != ""} {
		if given {
			v.fail(name, "needs hardening: ask or auto")
		}
	}
}

func (v *validator) checkHardened(path string, e *Expect) {
	if (e.Hardening != nil || e.Packets != nil) && !v.Hardens() {
		v.fail(path, "expects hardening or packets, which needs hardening: ask or auto")
	}
	if h := e.Hardening; h != nil && reflect.ValueOf(*h).IsZero() {
		v.fail(path+".hardening", "compares nothing")
	}
	if p := e.Packets; p != nil && reflect.ValueOf(*p).IsZero() {
		v.fail(path+".packets", "needs silenced, none, from or tcp")
	}
}

func (v *validator) checkCall(path string, c *Call, names map[string]bool) {
	if c.Name == "" || names[c.Name] {
		v.fail(path, "needs a name that no other check or call has")
	}
	names[c.Name] = true
	if c.Via == "" {
		v.fail(path, "needs via (direct, udp, tcp)")
	}
	if c.Works == nil {
		v.fail(path, "needs works (the browsers in which the call connects; [] for none)")
	}
}

// RivalGone is the step that takes the other extension away again.
const RivalGone = "gone"

func (v *validator) checkRival(path, rival string) {
	switch {
	case rival == "":
	case !v.Hardens():
		v.fail(path, "needs hardening: ask or auto")
	case rival != RivalGone && !slices.Contains(Policy("").Allowed(), rival):
		v.fail(path, "%q is not allowed (allowed: %s, %s)", rival, list(Policy("").Allowed()), RivalGone)
	}
}
