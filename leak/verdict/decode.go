package verdict

import "encoding/json"

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

// UnmarshalJSON reads an attested path, or one without address.
func (a *Attested) UnmarshalJSON(data []byte) error {
	type plain Attested
	if json.Unmarshal(data, (*plain)(a)) != nil {
		*a = Attested{}
	}
	return nil
}

// UnmarshalJSON reads a memory, or an empty one.
func (m *Memory) UnmarshalJSON(data []byte) error {
	type plain Memory
	if json.Unmarshal(data, (*plain)(m)) != nil {
		*m = Memory{}
	}
	return nil
}
