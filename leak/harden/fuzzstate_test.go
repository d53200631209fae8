package harden

import (
	"testing"

	"watertight/leak/verdict"
)

// choices makes states out of bytes: each byte picks among what occurs and what
// must never occur, so that the fuzzer gets deep without having to write JSON.
type choices struct{ data []byte }

func (c *choices) n(n int) int {
	if len(c.data) == 0 {
		return 0
	}
	b := int(c.data[0])
	c.data = c.data[1:]
	return b % n
}

func (c *choices) of(list ...string) string { return list[c.n(len(list))] }

func (c *choices) policy() string {
	return c.of(Default, PublicOnly, ProxiedOnly, ProxyOnly, AllInterfaces, "", "moon")
}

func (c *choices) setting() *Setting {
	if c.n(8) == 7 {
		return nil
	}
	return &Setting{c.policy(), c.of(byUs, free, byUs, free, byOther, "not_controllable", "")}
}

func (c *choices) addresses() []string {
	return [][]string{{isp}, {home, isp}, {}, nil, {"203.0.113.9"}}[c.n(5)]
}

func (c *choices) verdict() *verdict.Verdict {
	switch c.n(6) {
	case 0:
		return nil
	case 1:
		return webrtcVerdict(garbled)
	case 2:
		v := webrtcVerdict(c.addresses())
		v.Final = false
		return v
	}
	v := webrtcVerdict(c.addresses())
	if c.n(4) == 3 {
		v.Findings = append(v.Findings, verdict.Finding{ID: verdict.PolicyOverridden, Level: "info", Row: "webrtc"})
	}
	return v
}

func (c *choices) seal() *Seal {
	if c.n(4) == 3 {
		return nil
	}
	s := &Seal{
		Phase: c.of("", phaseAsked, phaseSetting, phaseTesting, phaseReturning, phaseConfirming, phaseClearing, "dance"),
		Want:  c.policy(), Found: c.policy(), Retests: c.n(5) - 1, Stale: c.n(5) - 1, Tries: c.n(6) - 1, Failures: c.n(5) - 1,
		Result: c.of("", resultSealed, resultPartly, resultFailed, resultConflict, resultUntested, resultUndone, resultTaken, "dance"),
		GaveUp: c.addresses(),
	}
	for range c.n(12) {
		s.Attempts = append(s.Attempts, Attempt{c.policy(), c.addresses()})
	}
	return s
}

func (c *choices) times() int64 {
	return []int64{1_800_000_000_000, 0, -1, 1_800_000_900_000, 1 << 62, -1 << 62, 1_799_999_999_999}[c.n(7)]
}

func (c *choices) lease() *Lease {
	if c.n(2) == 0 {
		return nil
	}
	return &Lease{
		Phase: c.of(leaseSetting, leaseActive, leaseRestoring, leaseTesting, leaseOver, "dance"), Site: c.of("call.example", ""),
		Tab: c.n(3), Session: c.of("one", "two", ""), Since: c.times(), Until: c.times(), Policy: c.policy(), Restore: c.policy(),
		Failed: c.n(3) == 2,
	}
}

func (c *choices) state() State {
	s := State{
		Version: 1, Browser: c.of("chromium", "firefox", "", "netscape"),
		Trigger: c.of(TriggerCheck, TriggerStart, TriggerSeal, TriggerUndo, TriggerMode, TriggerLease, TriggerEnd, TriggerTab, TriggerAlarm, TriggerOther, "", "rain"),
		Now:     c.times(), Session: c.of("one", "two", ""), Mode: c.of(ModeAuto, ModeAsk, ModeOff, "", "turbo"),
		Setting: c.setting(), Verdict: c.verdict(), Seal: c.seal(), Lease: c.lease(), Tab: c.n(3),
	}
	if s.Tested = s.Setting; c.n(3) == 2 {
		s.Tested = c.setting()
	}
	if c.n(2) == 1 {
		s.Wish = &Wish{Site: c.of("call.example", "", string(make([]byte, 300))), Tab: c.n(3), Minutes: []int{0, 30, -1, 1 << 40}[c.n(4)]}
	}
	return s
}

// FuzzState holds the same as FuzzNext.
func FuzzState(f *testing.F) {
	f.Add([]byte{})
	for trigger := range byte(12) {
		f.Add([]byte{0, trigger, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0, trigger, 1, 0, 0, 1, 1, 1, 1, trigger, 0, 1, 0, 0, 0})
	}
	f.Fuzz(func(t *testing.T, data []byte) { hold(t, (&choices{data}).state()) })
}
