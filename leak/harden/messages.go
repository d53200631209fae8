package harden

import "watertight/leak/verdict"

// A message id names a text of the extension's locales, as in package verdict.

// Sealing.
const (
	msgOffTitle            = "seal_off_title"
	msgOffDetail           = "seal_off_detail"
	msgGrantTitle          = "seal_grant_title"
	msgGrantDetail         = "seal_grant_detail"
	msgGrantAgain          = "seal_grant_again"
	msgOfferTitle          = "seal_offer_title"
	msgOfferDetail         = "seal_offer_detail"
	msgUndoneTitle         = "seal_undone_title"
	msgUndoneDetail        = "seal_undone_detail"
	msgWorkingTitle        = "seal_working_title"
	msgWorkingAsked        = "seal_working_asked"
	msgWorkingSetting      = "seal_working_setting"
	msgWorkingTesting      = "seal_working_testing"
	msgWorkingReturning    = "seal_working_returning"
	msgWorkingConfirming   = "seal_working_confirming"
	msgWorkingClearing     = "seal_working_clearing"
	msgSealedTitle         = "seal_sealed_title"
	msgSealedDetail        = "seal_sealed_detail"
	msgSealedPlain         = "seal_sealed_plain"
	msgUntestedTitle       = "seal_untested_title"
	msgUntestedDetail      = "seal_untested_detail"
	msgUnseenDetail        = "seal_unseen_detail"
	msgPartlyTitle         = "seal_partly_title"
	msgPartlyDetail        = "seal_partly_detail"
	msgFailedTitle         = "seal_failed_title"
	msgFailedBack          = "seal_failed_back"
	msgFailedKept          = "seal_failed_kept"
	msgConflictOther       = "seal_conflict_other_title"
	msgConflictOtherDo     = "seal_conflict_other"
	msgConflictManaged     = "seal_conflict_managed_title"
	msgConflictBehaviour   = "seal_conflict_behaviour_title"
	msgConflictBehaviourDo = "seal_conflict_behaviour"
	msgConflictKept        = "seal_conflict_kept_title"
	msgConflictKeptDo      = "seal_conflict_kept"
	msgConflictNotCleared  = "seal_conflict_not_cleared"
	msgConflictUnknown     = "seal_conflict_unknown"

	msgConflictManagedChromium = "seal_conflict_managed_chromium"
	msgConflictManagedFirefox  = "seal_conflict_managed_firefox"
)

// What a policy costs.
const (
	msgCostDefault         = "cost_default"
	msgCostPublicOnly      = "cost_public_only"
	msgCostProxiedChromium = "cost_proxied_chromium"
	msgCostProxiedFirefox  = "cost_proxied_firefox"
	msgCostProxyOnly       = "cost_proxy_only"
)

// Leases.
const (
	msgLeaseTitle      = "lease_title"
	msgLeaseTime       = "lease_time"
	msgLeaseTab        = "lease_tab"
	msgLeaseRefused    = "lease_refused_title"
	msgLeaseNothing    = "lease_refused_nothing"
	msgLeaseBusy       = "lease_refused_busy"
	msgLeaseHeld       = "lease_refused_held"
	msgLeaseWish       = "lease_refused_wish"
	msgRestoringTitle  = "lease_restoring_title"
	msgRestoringSet    = "lease_restoring_set"
	msgRestoringTest   = "lease_restoring_test"
	msgUnsealedTitle   = "lease_failed_title"
	msgUnsealedGrant   = "lease_failed_grant"
	msgUnsealedOther   = "lease_failed_other"
	msgUnsealedManaged = "lease_failed_managed"
	msgUnsealedRefused = "lease_failed_refused"
	msgUnsealedLeaks   = "lease_failed_leaks"
)

// Whether calls will work.
const (
	msgCallsDirectTitle  = "calls_direct_title"
	msgCallsDirect       = "calls_direct"
	msgCallsRelayedTitle = "calls_relayed_title"
	msgCallsRelayed      = "calls_relayed"
	msgCallsTCPTitle     = "calls_tcp_title"
	msgCallsTCP          = "calls_tcp"
	msgCallsNoneTitle    = "calls_none_title"
	msgCallsNone         = "calls_none"
	msgCallsOff          = "calls_off"
	msgCallsUnknownTitle = "calls_unknown_title"
	msgCallsUnknown      = "calls_unknown"
)

// text makes a Text. Its arguments are data, and are shown as text only.
func text(id string, args ...string) verdict.Text {
	if args == nil {
		args = []string{}
	}
	return verdict.Text{ID: id, Args: args}
}
