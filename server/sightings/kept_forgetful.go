//go:build forgetful

package sightings

import "time"

// Kept is short in the build that a test looks into the memory of.
const Kept = 4 * time.Second
