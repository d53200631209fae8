/** The toolbar: a mark for the outcome, and the sentence as its accessible title. */
import * as ext from "../lib/ext.js";
import { render, say } from "../lib/i18n.js";

/** White on these has a contrast of at least 4.5 : 1. */
const MARKS = {
  leak: { text: "!", color: "#b3261e" },
  unknown: { text: "?", color: "#8a5a00" },
  clear: { text: "✓", color: "#0b6b5e" },
  checking: { text: "…", color: "#55625f" },
};

/**
 * @param {"checking" | "done"} phase
 * @param {import("../lib/types.js").Verdict | null} verdict
 */
export async function showBadge(phase, verdict) {
  const mark = verdict && phase === "done" ? MARKS[verdict.outcome] : MARKS.checking;
  const sentence = verdict && phase === "done" ? render(verdict.headline) : say("ui_headline_checking");
  await ext.setBadge({ ...mark, title: say("ui_badge_title", sentence) });
}
