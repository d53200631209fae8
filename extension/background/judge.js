/** Asks the core for the verdict; without the core there is only one: unknown, and why. */
import { CoreError } from "../lib/core.js";

/** @typedef {import("../lib/types.js").Evidence} Evidence */
/** @typedef {import("../lib/types.js").Verdict} Verdict */
/** @typedef {import("../lib/types.js").RowId} RowId */

/** @type {RowId[]} */
const ROWS = ["exit", "dns", "webrtc"];

/**
 * @param {string} why message id
 * @param {boolean} final
 * @returns {Verdict}
 */
export function unknownVerdict(why, final) {
  const reason = { id: why, args: [] };
  return {
    version: 1,
    outcome: "unknown",
    final,
    headline: { id: "ui_headline_core_failed", args: [] },
    rows: ROWS.map((id) => ({
      id,
      outcome: final ? "unknown" : "pending",
      headline: { id: "ui_row_not_judged", args: [] },
      facts: [],
    })),
    findings: [],
    unknowns: ROWS.map((row) => ({ row, reason })),
    wants: [],
    memory: null,
    path: null,
  };
}

/**
 * @param {import("../lib/core.js").Core} core
 * @param {Evidence} evidence
 */
export async function judgeSafely(core, evidence) {
  try {
    return await core.judge(evidence);
  } catch (error) {
    const code = error instanceof CoreError ? error.code : "dead";
    return unknownVerdict(code === "panic" || code.startsWith("bad-") ? "ui_core_confused" : "ui_core_failed", evidence.final);
  }
}
