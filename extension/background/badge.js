/** The toolbar: a mark for the outcome, and the sentence with its time as the accessible title. */
import * as ext from "../lib/ext.js";
import { moment } from "../lib/clock.js";
import { render, say } from "../lib/i18n.js";

/**
 * White on these has a contrast of at least 4.5 : 1. `clear` has no mark: the toolbar stays as it is while the
 * network changes, the browser sleeps and the background is gone, and a tick that outlives its test is a lie.
 * A warning that does so only sends the user to test again.
 */
const MARKS = {
  leak: { text: "!", color: "#b3261e" },
  unknown: { text: "?", color: "#8a5a00" },
  clear: { text: "", color: "#0b6b5e" },
  checking: { text: "…", color: "#55625f" },
  lease: { text: "☎", color: "#8a5a00" },
  none: { text: "", color: "#55625f" },
};

export const showBadgeChecking = () =>
  ext.setBadge({ ...MARKS.checking, title: say("ui_badge_title", say("ui_headline_checking")) });

/**
 * @param {import("../lib/types.js").Verdict} verdict
 * @param {number} finishedAt
 */
export const showBadge = (verdict, finishedAt) =>
  ext.setBadge({ ...MARKS[verdict.outcome], title: say("ui_badge_tested", moment(finishedAt), render(verdict.headline)) });

/** Sites may use WebRTC as they like for now: that must not be forgotten. @param {import("../lib/hardening.js").Lease} lease */
export const showBadgeLease = ({ site, until }) =>
  ext.setBadge({
    ...MARKS.lease,
    title: say("ui_badge_title", until > 0 ? say("ui_badge_lease_until", site, moment(until)) : say("ui_badge_lease", site)),
  });

/** The setting could not be put back. @param {import("../lib/types.js").Text} why */
export const showBadgeFailed = (why) => ext.setBadge({ ...MARKS.leak, title: say("ui_badge_title", render(why)) });

export const showBadgeNone = () => ext.setBadge({ ...MARKS.none, title: say("ui_name") });
