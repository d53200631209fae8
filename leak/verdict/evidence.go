// Package verdict turns the evidence of one check into a verdict: leak, clear
// or unknown, with the addresses that prove it.
//
// Judge is a pure function. It reads no clock, no network and no state, so the
// same golden files (testdata) hold natively and under js/wasm. Three rules run
// through the package:
//
//   - What is missing, late or garbled is unknown. Unknown never becomes clear.
//   - A finding is proven by something that is the user's own: a network of the
//     recorded baseline, or an address of their own interface. Networks that
//     merely differ make it likely.
//   - What is proven stays, whatever else is missing.
package verdict

// Evidence is what one check has gathered so far. Every part may be missing.
type Evidence struct {
	Version   int                 `json:"version"`
	Browser   string              `json:"browser"`
	OS        string              `json:"os"` // windows, mac, linux, chromeos, android, or "": not known
	Final     bool                `json:"final"`
	Policy    *Policy             `json:"policy"`
	Exits     []Exit              `json:"exits"`
	Companion *Companion          `json:"companion"`
	DNS       *DNS                `json:"dns"`
	ICE       []ICE               `json:"ice"`
	Networks  map[string]*Network `json:"networks"`
	Baseline  *Baseline           `json:"baseline"`
	// Deep says that the user asked for the deep test; see deep.go.
	Deep bool `json:"deep"`
	// Paths are the addresses that the companion saw media packets come from.
	Paths []Attested `json:"paths"`
	// History is what earlier checks of this browser session remembered.
	History []Memory `json:"history"`
}

// Policy is the browser's WebRTC setting as read back.
type Policy struct {
	Value          string `json:"value"`
	LevelOfControl string `json:"levelOfControl"`
}

// Companion says what the test server can do.
type Companion struct {
	Families []int `json:"families"`
}

// Network is what the companion knows of an address's network.
type Network struct {
	Prefix  string `json:"prefix"`
	ASN     uint32 `json:"asn"`
	Org     string `json:"org"`
	Country string `json:"country"`
	Kind    string `json:"kind"`
}

// Exit is the address that websites see over one IP family.
type Exit struct {
	Family  int      `json:"family"`
	Status  string   `json:"status"` // pending, ok, failed
	Reason  string   `json:"reason"`
	Address string   `json:"address"`
	Network *Network `json:"network"`
}

// DNS holds the probes that were sent and the queries the companion saw.
type DNS struct {
	Status    string     `json:"status"` // pending, ok, failed, skipped
	Reason    string     `json:"reason"`
	Sent      []string   `json:"sent"`
	Sightings []Sighting `json:"sightings"`
	TRR       *bool      `json:"trr"` // Firefox: isTRR of dns.resolve, so DNS over HTTPS
	DNSSEC    *DNSSEC    `json:"dnssec"`
}

// DNSSEC says whether a signed name was found, and one whose signature is wrong:
// resolved, failed, or "" if not tried.
type DNSSEC struct {
	Valid  string `json:"valid"`
	Broken string `json:"broken"`
}

// Sighting is one resolver asking for one probe name.
type Sighting struct {
	Label     string   `json:"label"`
	Resolver  string   `json:"resolver"`
	Transport string   `json:"transport"`
	Network   *Network `json:"network"`
	ECS       string   `json:"ecs"`
}

// ICE is what one frame of the companion gathered.
type ICE struct {
	Frame      int        `json:"frame"`
	Status     string     `json:"status"` // pending, complete, timeout, failed
	Reason     string     `json:"reason"`
	Candidates []string   `json:"candidates"`
	Errors     []ICEError `json:"errors"`
	Permission string     `json:"permission"` // granted: the frame may use microphone or camera
	STUN53     string     `json:"stun53"`     // answered, silent, untested or ""
}

// ICEError is one icecandidateerror event.
type ICEError struct {
	URL  string `json:"url"`
	Code int    `json:"code"`
}

// Baseline is the user's own connection, recorded with the VPN off.
type Baseline struct {
	Networks []Home `json:"networks"`
}

// Home is one recorded connection: "Home", "Office".
type Home struct {
	Name      string    `json:"name"`
	Exits     []Network `json:"exits"`
	Resolvers []Network `json:"resolvers"`
}

// Attested is an address from which the companion received an authenticated TURN
// Allocate (RFC 8656 §7) with the token of this check as user name. The TURN
// server of any website would see the same, whatever the page is shown.
type Attested struct {
	Transport string   `json:"transport"` // udp, tcp
	Address   string   `json:"address"`
	Network   *Network `json:"network"`
}

// Memory is what is kept of a check for later ones of the same browser session:
// the networks of the exits, and of the resolvers that answered for pages.
type Memory struct {
	Exits     []Network `json:"exits"`
	Resolvers []Network `json:"resolvers"`
}
