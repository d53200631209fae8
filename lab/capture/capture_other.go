//go:build !linux

package capture

import "errors"

// Capture listens at a machine, which only Linux has.
type Capture struct{}

// Start always fails here.
func Start(...string) (*Capture, error) { return nil, errors.New("packets are captured on Linux only") }

// Queries is empty.
func (*Capture) Queries() []Query { return nil }

// STUN is empty.
func (*Capture) STUN() []STUN { return nil }
