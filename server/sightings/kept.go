//go:build !forgetful

package sightings

import "time"

// Kept is the promise of the privacy policy: after two minutes nothing is left.
// A check ends after 2.5 s and a stream after 30 s, so this is ample.
const Kept = 120 * time.Second
