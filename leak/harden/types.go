// Package harden decides what to do with the browser's WebRTC setting: which
// policy next, when to stop, and when a lease ends.
//
// Next is a pure function, as package verdict is: what it needs of the world
// (the time, the setting as read back, the verdict of the last check) is in
// State, and what shall happen is in Decision. Whoever acts stores the decided
// record before acting, so that a background that dies in the middle finds on
// its return what it was about to do. Three rules run through the package:
//
//   - The least strict policy that stops the leak, found by testing.
//   - A policy never ends looser than the user chose.
//   - What is in somebody else's hands is reported and left alone.
package harden

import "watertight/leak/verdict"

// Setting is privacy.network.webRTCIPHandlingPolicy as read back
// (chrome.privacy and browser.privacy documentation, BrowserSetting.get).
type Setting struct {
	Value          string `json:"value"`
	LevelOfControl string `json:"levelOfControl"`
}

// The policies (RFC 8828 §5.2 calls them modes 1 to 4).
const (
	AllInterfaces = "default_public_and_private_interfaces" // never set
	Default       = "default"
	PublicOnly    = "default_public_interface_only"
	ProxiedOnly   = "disable_non_proxied_udp"
	ProxyOnly     = "proxy_only" // Firefox
)

// The levels of control.
const (
	byUs    = "controlled_by_this_extension"
	free    = "controllable_by_this_extension"
	byOther = "controlled_by_other_extensions" // "not_controllable", and what is unknown, is an administrator's
)

// The modes that the user chooses between.
const (
	ModeOff  = "off"  // the setting is not ours
	ModeAsk  = "ask"  // only when the user says so, each time
	ModeAuto = "auto" // when a check has found a WebRTC leak
)

// Why Next is called.
const (
	TriggerCheck = "check" // a check has ended; State.Verdict is its verdict
	TriggerStart = "start" // the background has just started
	TriggerSeal  = "seal"  // the user asks for sealing
	TriggerUndo  = "undo"  // the user takes it back
	TriggerMode  = "mode"  // the user chose another mode
	TriggerLease = "lease" // the user allows calls; State.Wish says for whom and how long
	TriggerEnd   = "end"   // the user ends the lease
	TriggerTab   = "tab"   // a tab was closed or went to another site; State.Tab
	TriggerAlarm = "alarm" // time has passed
	TriggerOther = "other" // the setting or the permission changed outside
)

// State is all that Next looks at.
type State struct {
	Version int    `json:"version"` // 1
	Browser string `json:"browser"` // chromium, firefox
	Trigger string `json:"trigger"`
	Now     int64  `json:"now"`     // milliseconds since 1970
	Session string `json:"session"` // names this run of the browser
	Mode    string `json:"mode"`
	// Setting as it is now; nil without the permission to read it.
	Setting *Setting `json:"setting"`
	// Verdict of the last finished check, and the setting that held when it began.
	Verdict *verdict.Verdict `json:"verdict"`
	Tested  *Setting         `json:"tested"`
	Seal    *Seal            `json:"seal"`  // as stored by the last decision
	Lease   *Lease           `json:"lease"` // as stored by the last decision
	Wish    *Wish            `json:"wish"`
	Tab     int              `json:"tab"`
}

// Seal is what is remembered of hardening (storage.local).
type Seal struct {
	// Phase is the step under way: "" none, "asked" until a check tells what
	// there is to seal, "setting" before the change is known to have been made,
	// "testing" until the check after it has ended, "returning" on the way back
	// to the best attempt, "clearing" on the way back to what the user had,
	// "confirming" until the check after one of these has ended.
	Phase string `json:"phase"`
	// Want is the policy that is being tried or, when Phase is "", that we chose;
	// "" when we chose none.
	Want string `json:"want"`
	// Found is the value that was in force before we first touched the setting.
	Found string `json:"found"`
	// Attempts of this episode, the first with what the leak was before.
	Attempts []Attempt `json:"attempts"`
	// Retests counts checks of the present attempt that could not tell.
	Retests int `json:"retests"`
	// Stale counts checks in a row that were made under another setting.
	Stale int `json:"stale"`
	// Tries counts how often the present change was asked for, of the seal and of a lease.
	Tries int `json:"tries"`
	// Failures counts episodes in a row that no policy ended well.
	Failures int `json:"failures"`
	// Result of the last episode: "", sealed, partly, failed, conflict, untested,
	// undone, taken (the setting went into other hands). It stays "" while an episode lasts.
	Result string `json:"result"`
	// GaveUp names the leak (its addresses) that no policy stopped: it is not
	// tried again by itself.
	GaveUp []string `json:"gaveUp"`
	At     int64    `json:"at"` // when Result came about
}

// Attempt is what WebRTC gave away under one policy.
type Attempt struct {
	Policy    string   `json:"policy"`
	Addresses []string `json:"addresses"` // of the leak findings; empty: none
}

// Wish is a lease that the user asks for.
type Wish struct {
	Site    string `json:"site"` // host name of the tab's page
	Tab     int    `json:"tab"`
	Minutes int    `json:"minutes"` // 0: until the tab is closed
}

// Lease relaxes the policy for calls (storage.local).
type Lease struct {
	// Phase: setting, active, restoring, testing; over when only Failed is left to be told.
	Phase   string `json:"phase"`
	Site    string `json:"site"`
	Tab     int    `json:"tab"`
	Session string `json:"session"` // tabs have numbers within one run of the browser only
	Since   int64  `json:"since"`   // milliseconds since 1970
	Until   int64  `json:"until"`   // likewise; 0: until the tab is closed
	Policy  string `json:"policy"`  // while it lasts
	Restore string `json:"restore"` // afterwards
	// Failed says that the setting could not be put back, or leaks again.
	Failed bool `json:"failed"`
}

// Decision is what to do now. Store Seal and Lease first, then do it.
type Decision struct {
	// Do is none, set (Value) or clear. Afterwards call Next again with
	// TriggerStart: it compares what was read back with what was wanted.
	Do    string `json:"do"`
	Value string `json:"value"`
	// Test asks for a check, whose end is a TriggerCheck. It never comes with
	// something to do. One that is running already will do, if it began under
	// the setting now in force.
	Test  bool   `json:"test"`
	Seal  *Seal  `json:"seal"`
	Lease *Lease `json:"lease"`
	// Alarm is when to call again by itself, milliseconds since 1970; 0 never.
	Alarm int64 `json:"alarm"`
	View  View  `json:"view"`
}

// View is what the popup shows of it.
type View struct {
	// State: none (show nothing), off, grant (the permission is missing), offer,
	// working, sealed, partly, failed, conflict, untested, lease, restoring,
	// restore-failed.
	State  string       `json:"state"`
	Title  verdict.Text `json:"title"`
	Detail verdict.Text `json:"detail"`
	// Cost is what the policy in force, or the one that is offered, costs the user.
	Cost   verdict.Text `json:"cost"`
	Policy string       `json:"policy"` // in force, or offered
	Before []string     `json:"before"` // addresses
	After  []string     `json:"after"`
	// Actions that make sense now: grant, seal, undo, lease, end.
	Actions []string `json:"actions"`
}
