package harden

import "slices"

// The ladders, from loose to strict. AllInterfaces stands below the first rung:
// found in force it is looser than the default, and it is never set.
//
// Chromium has no proxy_only. In Firefox without a proxy ProxiedOnly does what
// PublicOnly does; behind one it does not.
var (
	ladderChromium = []string{Default, PublicOnly, ProxiedOnly}
	ladderFirefox  = []string{Default, PublicOnly, ProxiedOnly, ProxyOnly}
)

func ladder(browser string) []string {
	if browser == "firefox" {
		return ladderFirefox
	}
	return ladderChromium
}

// rank tells how strict a policy is: 0 AllInterfaces, 1 Default and so on; -1 if
// it is none that this browser is known to have.
func rank(browser, policy string) int {
	if policy == AllInterfaces {
		return 0
	}
	if i := slices.Index(ladder(browser), policy); i >= 0 {
		return i + 1
	}
	return -1
}

// stricter gives the next rung above a policy, "" if there is none.
func stricter(browser, policy string) string {
	l := ladder(browser)
	if n := rank(browser, policy); n >= 0 && n < len(l) {
		return l[n]
	}
	return ""
}

// looser gives the next rung below a policy, "" if there is none.
func looser(browser, policy string) string {
	if n := rank(browser, policy); n >= 2 {
		return ladder(browser)[n-2]
	}
	return ""
}
