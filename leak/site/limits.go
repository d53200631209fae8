package site

// What one tab may make us remember. A page can send anything, so every list has
// an end and every number a largest value; a test holds the sum of it.
const (
	// maxConns is how many connections of a tab are remembered one by one.
	// WebTorrent keeps 55 peers (its maxConns) and leaves offers waiting for 50 s;
	// what is beyond becomes numbers.
	maxConns = 128
	// spareConns are forgotten at once when there are too many, so that a flood
	// costs little per event.
	spareConns = 32
	// maxParties is how many sites have frames with WebRTC in one page, with the
	// page's own; pages with more are floods, and share the last place.
	maxParties = 16
	// maxSeen addresses of a page. A machine with docking station, VPN and virtual
	// machines has about ten. Bits of a mask that must survive JSON numbers.
	maxSeen = 24
	// maxServers is how many STUN and TURN servers of a page are named. The longest
	// lists of leak tests have about twenty.
	maxServers = 24
	// maxOffered bounds the servers read out of one event; the list as a whole
	// holds no more anyway.
	maxOffered = 32
	// maxKeys is how many descriptions of a connection are compared with the
	// page's other connections: the first, and one ICE restart.
	maxKeys = 2
	// maxKey is how much of an ICE user fragment is kept. Browsers make 4 to 16
	// characters (RFC 8839 §5.4 allows 256).
	maxKey = 32
	// maxHost is the longest host name (RFC 1035 §2.3.4).
	maxHost = 253
	// maxLabel is the longest label of one (RFC 1035 §2.3.4).
	maxLabel = 63
	// maxID bounds the name of a trace, which the background makes.
	maxID = 64
	// maxCount is where counters stay: nobody reads more digits.
	maxCount = 1_000_000
	// maxNumber is the largest whole number of JavaScript (ECMA-262 §21.1.2.6).
	// Firefox numbers frames beyond 32 bits.
	maxNumber = 1<<53 - 1
	// maxTime is the largest time that JavaScript knows (ECMA-262 §21.4.1.1).
	maxTime = 8_640_000_000_000_000
)

// How long is waited before a connection is called a probe, in milliseconds.
const (
	// gatherTime is how long gathering may hold up an offer: applications without
	// trickle ICE send it when gathering is complete, and a dead STUN server holds
	// that up for about 10 s (RFC 8489 §6.2.1 would allow 39.5 s).
	gatherTime = 10_000
	// answerTime is how long an offer without microphone or camera may wait for its
	// answer. Programs answer within two signalling round trips, below 2 s. People
	// take longer, but they are asked before such an offer, or hold a microphone.
	// Swarms wait longer (50 s, OFFER_TIMEOUT of bittorrent-tracker) and mostly have
	// answered connections beside; an answer that comes late takes the hint back.
	answerTime = 10_000
	// tryTime is how long a connection may have an answer and not try it: the other
	// side's candidates follow its answer within the same seconds.
	tryTime = 10_000
	// hasteTime separates trying from pretending: who closes sooner after the first
	// connectivity check has not waited for it. Two retransmissions of a check
	// (RFC 8489 §6.2.1: 0.5 s, doubling) and a slow path fit in.
	hasteTime = 3_000
)

// clockSlack is how far a clock may be corrected backwards unnoticed, as in
// package harden.
const clockSlack = 60 * 1000

// What the ledger may hold.
const (
	// maxSites of the ledger; 500 entries of the largest kind are 1.5 MB of the
	// 10 MB that storage.local has.
	maxSites = 500
	// maxAge: who looked a quarter of a year ago no longer matters, and the list is
	// a diary of visits.
	maxAge = 90 * 24 * 60 * 60 * 1000
	// maxKept addresses for each site.
	maxKept = 16
	// maxBy third parties for each site.
	maxBy = 8
	// maxOpen visits of a site that may still change: tabs open at once.
	maxOpen = 8
)

// count adds to a counter that stays at maxCount.
func count(n *int, by int) { *n = min(max(*n, 0)+max(by, 0), maxCount) }

// earliest keeps the earlier of two times, where 0 is never.
func earliest(t *int64, at int64) {
	if *t == 0 || at > 0 && at < *t {
		*t = at
	}
}
