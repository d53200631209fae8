package harden

import "watertight/leak/verdict"

// cost tells what a policy costs the user (RFC 8828 §5.2, and measured): the
// looser ones nothing; without candidates of interfaces two devices of one home
// may not meet directly; Chromium's ProxiedOnly leaves relays over TCP only,
// Firefox's does nothing more unless there is a proxy, and then no call connected,
// not even through a relay over TCP; ProxyOnly leaves nothing without one.
func cost(browser, policy string) verdict.Text {
	firefox := browser == "firefox"
	switch {
	case policy == AllInterfaces || policy == Default:
		return text(msgCostDefault)
	case policy == PublicOnly:
		return text(msgCostPublicOnly)
	case policy == ProxiedOnly && firefox:
		return text(msgCostProxiedFirefox)
	case policy == ProxiedOnly:
		return text(msgCostProxiedChromium)
	case policy == ProxyOnly && firefox:
		return text(msgCostProxyOnly)
	}
	return text("")
}
