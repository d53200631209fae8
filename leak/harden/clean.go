package harden

import (
	"encoding/json"
	"slices"
)

// Bounds of what is remembered. No machine has so many addresses.
const (
	maxAddresses = 64
	maxAttempts  = 8
)

// The records come from a disk, and perhaps from another version. One that
// cannot be read counts as none; the setting itself then tells what we did.

// UnmarshalJSON reads a seal, or an empty one.
func (s *Seal) UnmarshalJSON(data []byte) error {
	type plain Seal
	if json.Unmarshal(data, (*plain)(s)) != nil {
		*s = Seal{}
	}
	return nil
}

// UnmarshalJSON reads a lease, or one that is over.
func (l *Lease) UnmarshalJSON(data []byte) error {
	type plain Lease
	if json.Unmarshal(data, (*plain)(l)) != nil {
		*l = Lease{}
	}
	return nil
}

// UnmarshalJSON reads a setting, or one in unknown hands, which is left alone.
func (s *Setting) UnmarshalJSON(data []byte) error {
	type plain Setting
	if json.Unmarshal(data, (*plain)(s)) != nil {
		*s = Setting{}
	}
	return nil
}

// cleanSeal copies the stored seal without what cannot be.
func cleanSeal(s State) Seal {
	if s.Seal == nil {
		return Seal{}
	}
	seal := *s.Seal
	level := func(policy string) int { return rank(s.Browser, policy) }
	if level(seal.Found) < 0 {
		seal.Found = ""
	}
	if level(seal.Want) < 1 || level(seal.Want) < level(seal.Found) {
		seal.Want = ""
	}
	attempts := []Attempt{}
	for _, a := range seal.Attempts {
		if level(a.Policy) >= 0 {
			attempts = append(attempts, Attempt{Policy: a.Policy, Addresses: union(a.Addresses, nil)})
		}
	}
	seal.Attempts = bounded(attempts)
	seal.GaveUp = union(seal.GaveUp, nil)
	for _, n := range []*int{&seal.Tries, &seal.Retests, &seal.Stale, &seal.Failures} {
		*n = min(max(*n, 0), 100)
	}
	seal.At = max(seal.At, 0)
	switch seal.Result {
	case "", resultSealed, resultPartly, resultFailed, resultConflict, resultUntested, resultUndone, resultTaken:
	default:
		seal.Result = resultUntested
	}
	switch seal.Phase {
	case "", phaseAsked, phaseReturning, phaseConfirming, phaseClearing:
	default: // setting, testing, and a step that we do not know: what holds is to be compared again
		if seal.Want == "" {
			seal.Phase = ""
		} else if seal.Phase != phaseTesting {
			seal.Phase = phaseSetting
		}
	}
	return seal
}

// bounded keeps what it was before, and the newest attempts.
func bounded(list []Attempt) []Attempt {
	if len(list) > maxAttempts {
		list = slices.Concat(list[:1], list[len(list)-maxAttempts+1:])
	}
	return list
}

// cleanLease copies the stored lease.
func cleanLease(stored *Lease) *Lease {
	if stored == nil {
		return nil
	}
	l := *stored
	switch l.Phase {
	case leaseSetting, leaseActive, leaseRestoring, leaseTesting, leaseOver:
	default:
		l.Phase = leaseRestoring
	}
	if lasts := l.Phase == leaseSetting || l.Phase == leaseActive; lasts && (l.Site == "" || len(l.Site) > maxSite) {
		l.Phase = leaseRestoring
	}
	return &l
}
