package verdict

import (
	"watertight/leak/address"
	"watertight/leak/operator"
)

// exitsSettled reports whether no exit can change any more, so that "of another
// network than every exit" is more than "than the first one that answered".
func (j *judgement) exitsSettled() bool {
	for _, x := range j.exits {
		if x.status == "pending" {
			return j.ev.Final
		}
	}
	return len(j.exits) > 0 || j.ev.Final
}

// anyExit reports whether at least one exit is known.
func (j *judgement) anyExit() bool { return j.exit(4).good() || j.exit(6).good() }

// judgeExits judges who websites see.
func (j *judgement) judgeExits() {
	v4, v6 := j.exit(4), j.exit(6)
	j.rows[rowExit].calm = text(msgRowExitClear, j.exitName())
	for _, x := range []*exit{v4, v6} {
		if x.good() {
			j.exitFact(*x)
		}
	}
	j.exitGaps(v4, v6)
	j.judgeVPNOff(v4, v6)
	if v4.good() && v6.good() && !j.off {
		j.judgeBypass(*v4, *v6)
	}
}

// exitFact says what websites see over one family.
func (j *judgement) exitFact(x exit) {
	id := msgFactExitIPv4
	if x.family == 6 {
		id = msgFactExitIPv6
	}
	j.fact(rowExit, Fact{Text: text(id), Address: x.addr.String(), Network: x.net, Via: "exit"})
	if address.ClassOf(x.addr) != address.Global {
		// A companion on this machine or in this house sees an address that no
		// website sees, so nothing can be compared with it.
		j.unknown(rowExit, text(msgUnknownExitLocal))
	}
}

// exitGaps says which exits are missing, and whether that matters. No IPv6 is
// how many networks are; no IPv4 is not.
func (j *judgement) exitGaps(v4, v6 *exit) {
	if !j.anyExit() {
		if !j.exitsSettled() || (!j.ev.Final && len(j.exits) == 0) {
			j.wait(rowExit)
			return
		}
		j.unknown(rowExit, text(msgUnknownCompanion))
		return
	}
	switch {
	case v4.good():
	case v4 != nil && v4.status == "pending":
		j.wait(rowExit)
	case !j.hasFamily(4):
		j.untested(msgFactIPv4Untested)
	default:
		j.unknown(rowExit, text(msgUnknownExitIPv4))
	}
	switch {
	case v6.good(), !j.publicExit(): // a companion nearby says nothing of IPv6
	case v6 != nil && v6.status == "pending":
		j.wait(rowExit)
	case !j.hasFamily(6):
		j.untested(msgFactIPv6Untested)
	case v6 == nil, v6.reason == garbage, v6.reason == "http", j.came6():
		// An answer that cannot be used came over IPv6, so IPv6 is there; and so
		// it is if another part of this check used it.
		j.unknown(rowExit, text(msgUnknownExitIPv6))
	default:
		j.fact(rowExit, Fact{Text: text(msgFactNoIPv6)})
	}
}

// untested says that the companion lacks a family. Nothing is wrong with the
// user's network then, but what leaves over that family was not seen.
func (j *judgement) untested(fact string) {
	j.fact(rowExit, Fact{Text: text(fact)})
	j.unknown(rowExit, text(msgUnknownExitUntested))
}

// hasFamily reports whether the companion can be reached over a family at all.
func (j *judgement) hasFamily(family int) bool {
	if j.ev.Companion == nil || len(j.ev.Companion.Families) == 0 {
		return true
	}
	for _, f := range j.ev.Companion.Families {
		if f == family {
			return true
		}
	}
	return false
}

// exitHint tells somebody who may have no VPN on at all how to find out: without
// a baseline, a provider's own address looks as good as any. Beside a leak it
// would only confuse.
func (j *judgement) exitHint() {
	for _, f := range j.findings {
		if f.Level == levelLeak {
			return
		}
	}
	x := j.exit(4)
	if !x.good() {
		x = j.exit(6)
	}
	if !x.good() || !j.ev.Final || j.ev.Baseline != nil || x.rented() || !x.known() || x.kind() == operator.Resolver {
		return
	}
	j.fact(rowExit, Fact{Text: text(msgFactHintVPN, x.name())})
}

// exitName names the network that websites see, IPv4 first.
func (j *judgement) exitName() string {
	for _, family := range []int{4, 6} {
		if x := j.exit(family); x.good() {
			return x.name()
		}
	}
	return ""
}
