//go:build !linux

// Package wire is a link between two namespaces, which only Linux has.
package wire

import (
	"errors"
	"time"
)

// End is one end of a wire.
type End struct{ Namespace, Interface string }

// Lay always fails here.
func Lay(End, End, time.Duration, float64) error { return errors.New("wires exist on Linux only") }
