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

import "encoding/json"

// Evidence is what one check has gathered so far. Every part may be missing.
type Evidence struct {
	Version   int                 `json:"version"`
	Browser   string              `json:"browser"`
	Final     bool                `json:"final"`
	Policy    *Policy             `json:"policy"`
	Exits     []Exit              `json:"exits"`
	Companion *Companion          `json:"companion"`
	DNS       *DNS                `json:"dns"`
	ICE       []ICE               `json:"ice"`
	Networks  map[string]*Network `json:"networks"`
	Baseline  *Baseline           `json:"baseline"`
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

const garbage = "garbage"

// The parts below come from a server or from a page. One that has the wrong
// shape must not throw away the rest of the evidence, so it is read as far as it
// goes and then counts as garbage: unknown, never clear.

// UnmarshalJSON reads an exit, or a failed one if it is misshapen.
func (x *Exit) UnmarshalJSON(data []byte) error {
	type plain Exit
	if json.Unmarshal(data, (*plain)(x)) != nil {
		x.Status, x.Reason = "failed", garbage
	}
	return nil
}

// UnmarshalJSON reads a network, or one of which nothing is known.
func (n *Network) UnmarshalJSON(data []byte) error {
	type plain Network
	if json.Unmarshal(data, (*plain)(n)) != nil {
		*n = Network{}
	}
	return nil
}

// UnmarshalJSON reads a sighting, or one without a resolver.
func (s *Sighting) UnmarshalJSON(data []byte) error {
	type plain Sighting
	if json.Unmarshal(data, (*plain)(s)) != nil {
		*s = Sighting{}
	}
	return nil
}

// UnmarshalJSON reads the DNS part, or a failed one if it is misshapen.
func (d *DNS) UnmarshalJSON(data []byte) error {
	type plain DNS
	if json.Unmarshal(data, (*plain)(d)) != nil {
		d.Status, d.Reason = "failed", garbage
	}
	return nil
}

// UnmarshalJSON reads what a frame gathered, or a failed frame.
func (i *ICE) UnmarshalJSON(data []byte) error {
	type plain ICE
	if json.Unmarshal(data, (*plain)(i)) != nil {
		i.Status, i.Reason = "failed", garbage
	}
	return nil
}
