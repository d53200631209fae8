package site

import "watertight/leak/verdict"

// A message id names a text of the extension's locales, as in package verdict.

// What a page did.
const (
	msgNothingTitle    = "site_nothing_title"
	msgNothingDetail   = "site_nothing"
	msgUndecidedTitle  = "site_undecided_title"
	msgUndecidedDetail = "site_undecided"
	msgCallTitle       = "site_call_title"
	msgCallDetail      = "site_call"
	msgDataTitle       = "site_data_title"
	msgDataDetail      = "site_data"
	msgLoopbackTitle   = "site_loopback_title"
	msgLoopbackDetail  = "site_loopback"
	msgProbeTitle      = "site_probe_title" // site
	msgBothTitle       = "site_both_title"  // site
	msgProbeDetail     = "site_probe"       // addresses
	msgProbeByDetail   = "site_probe_by"    // addresses, whose frames
	msgBlindTitle      = "site_blind_title" // looked, and was shown nothing of the user
	msgBlindDetail     = "site_blind"
)

// What it saw; each with the address.
const (
	msgSawPublic   = "site_saw_public"
	msgSawLocal    = "site_saw_local"
	msgSawHardware = "site_saw_hardware"
)

// Why a connection is what it is.
const (
	msgWhyConnected  = "site_why_connected"
	msgWhyRinging    = "site_why_ringing"
	msgWhyTrying     = "site_why_trying"
	msgWhyFailed     = "site_why_failed"
	msgWhyGaveUp     = "site_why_gave_up"
	msgWhyNoAnswer   = "site_why_no_answer"
	msgWhySpare      = "site_why_spare"
	msgWhyOwn        = "site_why_own"
	msgWhyClosed     = "site_why_closed"
	msgWhyDropped    = "site_why_dropped"
	msgWhyUnanswered = "site_why_unanswered"
	msgWhyPretended  = "site_why_pretended"
	msgWhyHasty      = "site_why_hasty"
	msgWhyWaiting    = "site_why_waiting"
	msgWhyNotLooked  = "site_why_not_looked"
)

// What blocking a site is worth.
const (
	msgBlockHeader  = "site_block_header"
	msgBlockOld     = "site_block_old"
	msgBlockFirefox = "site_block_firefox"
)

var whyTexts = map[Why]string{
	Connected: msgWhyConnected, Ringing: msgWhyRinging, Trying: msgWhyTrying, Failed: msgWhyFailed,
	GaveUp: msgWhyGaveUp, NoAnswer: msgWhyNoAnswer, Spare: msgWhySpare, Own: msgWhyOwn, Closed: msgWhyClosed,
	Dropped: msgWhyDropped, Unanswered: msgWhyUnanswered, Pretended: msgWhyPretended, Hasty: msgWhyHasty,
	Waiting: msgWhyWaiting, NotLooked: msgWhyNotLooked,
}

// text makes a Text. Its arguments are data, and are shown as text only.
func text(id string, args ...string) verdict.Text {
	if args == nil {
		args = []string{}
	}
	return verdict.Text{ID: id, Args: args}
}
